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

func gathering(id, name string) hubspot.MarketingEvent {
	return hubspot.MarketingEvent{
		AccountID: "club", EventID: id, Name: name, Organizer: "Club", Type: "WORKSHOP", URL: "https://example.org/" + id,
		Start: time.Date(2026, 12, 1, 18, 0, 0, 0, time.UTC), Description: "Room 1",
	}
}

// outcomes puts each result into one word: an id as "ok", a confirmation without one as
// "confirmed", an error as its code.
func outcomes(results []hubspot.MarketingResult) []string {
	var out []string
	for _, r := range results {
		switch {
		case r.Err != nil:
			out = append(out, r.Err.Code+r.Err.Category)
		case r.ID == "":
			out = append(out, "confirmed")
		default:
			out = append(out, "ok")
		}
	}
	return out
}

func TestUpsertMarketingEvents(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{false, true} {
		bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
			b := setup(t, hubspottest.Options{MarketingResultsNameEvents: named}, version)
			ctx, c := t.Context(), b.client
			in := []hubspot.MarketingEvent{gathering("1", "Choir"), gathering("2", "Board"), gathering("3", "Choir")}
			got, err := c.UpsertMarketingEvents(ctx, in)
			want := []string{"confirmed", "ok", "confirmed"}
			if named {
				want = []string{"ok", "ok", "ok"}
			}
			if err != nil || !slices.Equal(outcomes(got), want) {
				t.Fatalf("%v, error %v", outcomes(got), err)
			}
			shows := b.portal.MarketingEvents()
			if len(shows) != 3 || got[1].ID != shows[1].ID || named && (got[0].ID != shows[0].ID || got[2].ID != shows[2].ID) {
				t.Errorf("%+v of %+v", got, shows)
			}
			// Every second input is forgotten: of two of one name none is confirmed.
			b.sim.Inject(hubspottest.Fault{PathContains: "/events/upsert", Times: 1, Short: true})
			got, err = c.UpsertMarketingEvents(ctx, []hubspot.MarketingEvent{in[0], in[1], in[2], gathering("4", "Dinner")})
			if err != nil || !slices.Equal(outcomes(got), []string{hubspot.CodeUnmentioned, "ok", hubspot.CodeUnmentioned, "ok"}) || got[0].Err.Outcome != hubspot.Unknown {
				t.Errorf("%v, error %v", outcomes(got), err)
			}
			e, n, err := c.MarketingEvent(ctx, "club", "1")
			first := in[0]
			first.ID = shows[0].ID
			if err != nil || e != first || n != (hubspot.MarketingCount{}) {
				t.Errorf("%+v, %+v, error %v", e, n, err)
			}
			if _, _, err = c.MarketingEvent(ctx, "other", "1"); !hubspot.IsNotFound(err) {
				t.Error(err)
			}
			again := gathering("1", "Choir")
			again.Cancelled, again.Type = true, ""
			if _, err = c.UpsertMarketingEvents(ctx, []hubspot.MarketingEvent{again}); err != nil {
				t.Error(err)
			}
			if show := b.portal.MarketingEvents()[0]; !show.Cancelled || show.Type != "WORKSHOP" {
				t.Errorf("%+v", show)
			}
		})
	}
}

func TestMarketingRepliesThatSayLittle(t *testing.T) {
	t.Parallel()
	in := []hubspot.MarketingEvent{gathering("1", "Choir"), gathering("2", "Board")}
	for body, want := range map[string][]string{
		`{"status":"COMPLETE","results":[{"id":"7","eventName":"a"},{"id":"8","eventName":"b"}]}`:                              {"confirmed", "confirmed"},
		`{"status":"COMPLETE","results":[{"id":"7","eventName":"a"},{"id":"7","eventName":"a"}]}`:                              {"UNMENTIONED", "UNMENTIONED"},
		`{"status":"COMPLETE","results":[{"id":"7","eventName":"choir "}]}`:                                                    {"ok", "UNMENTIONED"},
		`{"status":"PENDING","results":[{"id":"7","eventName":"Choir"}]}`:                                                      {"NOT_CONFIRMED", "UNMENTIONED"},
		`{"status":"COMPLETE","results":[{"id":"7","eventName":"Choir"}],"errors":[{"category":"X","context":{"ids":["2"]}}]}`: {"ok", "X"},
		`{"status":"COMPLETE","results":[{"id":"7"},{"id":"8"}],"errors":[{"category":"X"}]}`:                                  {"UNMENTIONED", "UNMENTIONED"},
	} {
		got, err := answering(t, http.StatusOK, "application/json", body).UpsertMarketingEvents(t.Context(), in)
		if err != nil || !slices.Equal(outcomes(got), want) {
			t.Errorf("%s: %v, error %v, want %v", body, outcomes(got), err, want)
		}
	}
	for _, body := range []string{`{}`, ``, `{"results":{}}`} {
		got, err := answering(t, http.StatusOK, "application/json", body).UpsertMarketingEvents(t.Context(), in)
		if e := wantError(t, err); e.Code != hubspot.CodeUnreadable || len(got) != 2 || got[1].Err == nil {
			t.Errorf("%s: %+v", body, got)
		}
	}
	_, _, err := answering(t, http.StatusOK, "application/json", `{}`).MarketingEvent(t.Context(), "club", "1")
	if e := wantError(t, err); e.Code != hubspot.CodeUnreadable {
		t.Error(err)
	}
}

// Whose id is known is found among events of one name, and so is the one that
// somebody deleted and that this call has made anew.
func TestMarketingEventsOfOneNameAreToldApartByTheirIDs(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		in := []hubspot.MarketingEvent{gathering("1", "Choir"), gathering("2", "Choir"), gathering("3", "Choir")}
		_, err := b.client.UpsertMarketingEvents(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for i, show := range b.portal.MarketingEvents() {
			in[i].ID = show.ID
		}
		b.portal.DeleteMarketingEvent(in[1].ID)
		got, err := b.client.UpsertMarketingEvents(t.Context(), in)
		if err != nil || got[0].ID != in[0].ID || got[2].ID != in[2].ID || got[1].ID == "" || got[1].ID == in[1].ID {
			t.Errorf("%+v of %+v, error %v", got, in, err)
		}
		b.portal.DeleteMarketingEvent(got[1].ID)
		b.portal.DeleteMarketingEvent(in[2].ID)
		got, err = b.client.UpsertMarketingEvents(t.Context(), in)
		if err != nil || got[0].ID != in[0].ID || !slices.Equal(outcomes(got), []string{"ok", "confirmed", "confirmed"}) {
			t.Errorf("%+v of %+v, error %v", got, in, err)
		}
	})
}

// That an event is completed is said, and never that it is not: a person can
// complete it in HubSpot.
func TestMarketingEventThatAPersonCompletedStaysSo(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		one, two := gathering("1", "Choir"), gathering("2", "Board")
		two.Completed = true
		for range 2 {
			if _, err := b.client.UpsertMarketingEvents(t.Context(), []hubspot.MarketingEvent{one, two}); err != nil {
				t.Fatal(err)
			}
			b.portal.EditMarketingEvent(b.portal.MarketingEvents()[0].ID, func(e *hubspottest.MarketingEvent) { e.Completed = true })
		}
		if _, err := b.client.UpsertMarketingEvents(t.Context(), []hubspot.MarketingEvent{one}); err != nil {
			t.Fatal(err)
		}
		for _, show := range b.portal.MarketingEvents() {
			if !show.Completed {
				t.Errorf("%+v", show)
			}
		}
	})
}

func TestMarketingInputsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ctx, c := t.Context(), b.client
	for _, tc := range []struct {
		in   []hubspot.MarketingEvent
		want error
	}{
		{[]hubspot.MarketingEvent{gathering("1", "")}, hubspot.ErrInvalidInput},
		{[]hubspot.MarketingEvent{gathering("", "x")}, hubspot.ErrInvalidInput},
		{[]hubspot.MarketingEvent{gathering("1", "x"), gathering("1", "y")}, hubspot.ErrDuplicateInput},
		{slices.Repeat([]hubspot.MarketingEvent{gathering("1", "x")}, 101), hubspot.ErrTooManyInputs},
	} {
		if got, err := c.UpsertMarketingEvents(ctx, tc.in); !errors.Is(err, tc.want) || got != nil {
			t.Errorf("%v, want %v", err, tc.want)
		}
	}
	if got, err := c.UpsertMarketingEvents(ctx, nil); err != nil || got != nil {
		t.Errorf("%v, error %v", got, err)
	}
	if _, _, err := c.MarketingEvent(ctx, "club", ".."); !errors.Is(err, hubspot.ErrInvalidInput) {
		t.Error(err)
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
