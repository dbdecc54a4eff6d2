package hubspot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func codes(errs []*hubspot.Error) []string {
	var out []string
	for _, e := range errs {
		if e == nil {
			out = append(out, "ok")
		} else {
			out = append(out, e.Code+e.Category)
		}
	}
	return out
}

func TestRecordAttendance(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ctx, c := t.Context(), b.client
		ada := b.portal.PutContact(map[string]string{"email": "ada@example.org"}).ID
		bea := b.portal.PutContact(map[string]string{"email": "bea@example.org"}).ID
		if _, err := c.UpsertMarketingEvents(ctx, []hubspot.MarketingEvent{gathering("1", "Choir")}); err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
		got, err := c.RecordAttendance(ctx, "club", "1", hubspot.Registered, []hubspot.Attendance{{ContactID: ada, At: at}, {ContactID: "7", At: at}, {ContactID: bea, At: at}})
		if err != nil || !slices.Equal(codes(got), []string{"ok", "OBJECT_NOT_FOUND", "ok"}) || !hubspot.IsNotFound(got[1]) {
			t.Fatalf("%v, error %v", codes(got), err)
		}
		joined := at.Add(time.Hour)
		got, err = c.RecordAttendance(ctx, "club", "1", hubspot.Attended, []hubspot.Attendance{{ContactID: ada, At: joined, JoinedAt: joined, LeftAt: joined.Add(time.Hour)}})
		if err != nil || !slices.Equal(codes(got), []string{"ok"}) {
			t.Fatalf("%v, error %v", codes(got), err)
		}
		got, err = c.RecordAttendance(ctx, "club", "1", hubspot.CancelledRegistration, []hubspot.Attendance{{ContactID: bea, At: joined}})
		if err != nil || !slices.Equal(codes(got), []string{"ok"}) {
			t.Fatalf("%v, error %v", codes(got), err)
		}
		p := b.portal.MarketingEvents()[0].Participants
		if len(p) != 2 || p[0].State != "ATTENDED" || p[0].LeftAt != "2026-11-23T12:00:00Z" || p[1].State != "CANCELLED" || !p[1].At.Equal(joined) {
			t.Errorf("%+v", p)
		}
		if _, n, err := c.MarketingEvent(ctx, "club", "1"); err != nil || n != (hubspot.MarketingCount{Registrants: 2, Attendees: 1, Cancellations: 1}) {
			t.Errorf("%+v, error %v", n, err)
		}
		b.sim.Inject(hubspottest.Fault{PathContains: "/attendance/", Times: 1, Short: true})
		got, err = c.RecordAttendance(ctx, "club", "1", hubspot.Registered, []hubspot.Attendance{{ContactID: ada, At: at}, {ContactID: bea, At: at}})
		if err != nil || !slices.Equal(codes(got), []string{hubspot.CodeUnmentioned, "ok"}) {
			t.Errorf("%v, error %v", codes(got), err)
		}
		got, err = c.RecordAttendance(ctx, "club", "9", hubspot.Registered, []hubspot.Attendance{{ContactID: ada, At: at}})
		if !hubspot.IsNotFound(err) || len(got) != 1 || got[0] == nil {
			t.Errorf("no event: %v, error %v", codes(got), err)
		}
	})
}

func TestAttendanceRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{AttendanceErrorsReject: true})
	ada := b.portal.PutContact(map[string]string{"email": "ada@example.org"}).ID
	if _, err := b.client.UpsertMarketingEvents(t.Context(), []hubspot.MarketingEvent{gathering("1", "Choir")}); err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1, 0)
	got, err := b.client.RecordAttendance(t.Context(), "club", "1", hubspot.Registered, []hubspot.Attendance{{ContactID: ada, At: at}, {ContactID: "7", At: at}})
	if e := wantError(t, err); !hubspot.IsNotFound(e) || !slices.Equal(e.Inputs, []int{1}) || len(got) != 2 || got[0] == nil {
		t.Errorf("%+v", e)
	}
}

func TestAttendanceInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	one := hubspot.Attendance{ContactID: "1", At: time.Unix(1, 0)}
	for _, tc := range []struct {
		event string
		state hubspot.AttendanceState
		in    []hubspot.Attendance
		want  error
	}{
		{"..", hubspot.Attended, []hubspot.Attendance{one}, hubspot.ErrInvalidInput},
		{"1", "dance", []hubspot.Attendance{one}, hubspot.ErrInvalidInput},
		{"1", hubspot.Attended, []hubspot.Attendance{{ContactID: "1"}}, hubspot.ErrInvalidInput},
		{"1", hubspot.Attended, []hubspot.Attendance{{ContactID: "a@example.org", At: one.At}}, hubspot.ErrInvalidInput},
		{"1", hubspot.Attended, []hubspot.Attendance{one, one}, hubspot.ErrDuplicateInput},
		{"1", hubspot.Attended, slices.Repeat([]hubspot.Attendance{one}, 101), hubspot.ErrTooManyInputs},
		{"1", hubspot.Attended, nil, nil},
	} {
		if got, err := b.client.RecordAttendance(t.Context(), "club", tc.event, tc.state, tc.in); !errors.Is(err, tc.want) || got != nil {
			t.Errorf("%v, want %v", err, tc.want)
		}
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	for body, want := range map[string]string{
		`{"status":"PENDING","results":[{"vid":1}]}`:                                     hubspot.CodeNotConfirmed,
		`{"status":"COMPLETE","results":[{"vid":"1"}]}`:                                  "ok",
		`{"status":"COMPLETE","results":[{"vid":1}],"errors":[{"category":"CONFLICT"}]}`: "CONFLICT",
	} {
		c := answering(t, http.StatusOK, "application/json", body)
		if got, err := c.RecordAttendance(t.Context(), "club", "1", hubspot.Attended, []hubspot.Attendance{one}); err != nil || !slices.Equal(codes(got), []string{want}) {
			t.Errorf("%s: %v, error %v", body, codes(got), err)
		}
	}
}
