package attendance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	one     = "00000000-0000-4000-b000-000000000001"
	two     = "00000000-0000-4000-b000-000000000002"
	member  = "00000000-0000-4000-8000-000000000001"
	contact = "1001"
	epoch   = 3
)

// at is a minute of the day on which all of this happens.
func at(minute int) time.Time { return time.Date(2026, 11, 3, 9, minute, 0, 0, time.UTC) }

// for an event: registered at minute 1, cancelled at 2, seen at 3.
func confirmed(event string) integration.Registration {
	return integration.Registration{EventID: event, Status: integration.RegistrationConfirmed, RegisteredAt: at(1)}
}

func attended(event string) integration.Registration {
	r := confirmed(event)
	r.Attendance, r.AttendanceAt = integration.AttendanceAttended, at(3)
	return r
}

func cancelled(event string) integration.Registration {
	r := confirmed(event)
	r.Status, r.CancelledAt = integration.RegistrationCancelled, at(2)
	return r
}

func with(r integration.Registration, change func(*integration.Registration)) integration.Registration {
	change(&r)
	return r
}

func TestWhatRegistrationsSayTogether(t *testing.T) {
	t.Parallel()
	pending := with(confirmed(one), func(r *integration.Registration) { r.Status = integration.RegistrationPending })
	for name, c := range map[string]struct {
		of   []integration.Registration
		want string // state@minute of each event
	}{
		"none":                           {nil, ""},
		"pending":                        {[]integration.Registration{pending}, ""},
		"confirmed":                      {[]integration.Registration{confirmed(one)}, "register@1"},
		"attended":                       {[]integration.Registration{attended(one)}, "attend@3"},
		"attended before registered":     {[]integration.Registration{with(attended(one), func(r *integration.Registration) { r.AttendanceAt = at(0) })}, "attend@1"},
		"a check-in undone":              {[]integration.Registration{with(attended(one), func(r *integration.Registration) { r.Attendance = integration.AttendanceOpen })}, "register@3"},
		"no-show":                        {[]integration.Registration{with(attended(one), func(r *integration.Registration) { r.Attendance = integration.AttendanceNoShow })}, "register@1!"},
		"cancelled":                      {[]integration.Registration{cancelled(one)}, "cancel@2"},
		"cancelled before confirmed":     {[]integration.Registration{with(cancelled(one), func(r *integration.Registration) { r.RegisteredAt = time.Time{} })}, ""},
		"the living one of two":          {[]integration.Registration{cancelled(one), confirmed(one)}, "register@1"},
		"seen by one of two":             {[]integration.Registration{attended(one), confirmed(one)}, "attend@3"},
		"a pending one takes none":       {[]integration.Registration{attended(one), pending}, "attend@3"},
		"two events, in their order":     {[]integration.Registration{attended(two), confirmed(one)}, "register@1 attend@3"},
		"an id in capitals":              {[]integration.Registration{confirmed(strings.ToUpper(one)), attended(one)}, "attend@3"},
		"an event that nobody can find":  {[]integration.Registration{confirmed("dinner")}, ""},
		"the later of two cancellations": {[]integration.Registration{cancelled(one), with(cancelled(one), func(r *integration.Registration) { r.CancelledAt = at(9) })}, "cancel@9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range attendance.Of(integration.Member{Registrations: c.of}) {
				s := fmt.Sprintf("%s@%d", p.State, p.At.Minute())
				if p.NoShow {
					s += "!"
				}
				got = append(got, s)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

// The order of registrations is the host's own affair.
func TestTheOrderOfRegistrationsSaysNothing(t *testing.T) {
	t.Parallel()
	all := []integration.Registration{attended(one), cancelled(one), confirmed(one), confirmed(two), cancelled(two)}
	want := attendance.Of(integration.Member{Registrations: all})
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := attendance.Of(integration.Member{Registrations: all}); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestWhatIsWithdrawn(t *testing.T) {
	t.Parallel()
	row := func(state hubspot.AttendanceState, epoch int64) attendance.Row {
		return attendance.Row{MemberID: member, EventID: one, State: string(state), At: at(5), ContactID: contact, Epoch: epoch}
	}
	for name, c := range map[string]struct {
		row  attendance.Row
		of   []integration.Registration
		want string
	}{
		"registered still":              {row(hubspot.Registered, epoch), []integration.Registration{confirmed(one)}, ""},
		"registered no more":            {row(hubspot.Registered, epoch), nil, "cancel@8"},
		"was perhaps registered":        {row(hubspot.Registered, 0), nil, "cancel@8"},
		"was there":                     {row(hubspot.Attended, epoch), nil, ""},
		"was perhaps told to have been": {row(hubspot.Attended, 0), nil, "attend@5"},
		"cancelled":                     {row(hubspot.CancelledRegistration, epoch), nil, ""},
		"perhaps cancelled":             {row(hubspot.CancelledRegistration, 0), nil, "cancel@5"},
		"never told of":                 {attendance.Row{EventID: one}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := attendance.Of(integration.Member{Registrations: c.of})
			rows := map[string]attendance.Row{one: c.row}
			var got []string
			for _, p := range attendance.Withdrawn(all, rows, at(8)) {
				got = append(got, fmt.Sprintf("%s@%d", p.State, p.At.Minute()))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
			if len(all) == 0 && attendance.Concerns(all, rows, at(0), contact, epoch) != (c.want != "") {
				t.Error("whether it concerns HubSpot is said otherwise")
			}
		})
	}
}

// Whatever follows what, each state that HubSpot is told is later than the one
// before, and the same state again is the same call.
func TestTimesGrow(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	var row attendance.Row
	states := []hubspot.AttendanceState{hubspot.Registered, hubspot.Attended, hubspot.CancelledRegistration}
	for i := range 1000 {
		p := attendance.Participation{Event: one, State: states[rng.IntN(len(states))], At: at(rng.IntN(60))}
		if rng.IntN(5) == 0 {
			p.At = time.Time{} // the host does not know
		}
		next := row.Next(member, p, contact, at(rng.IntN(60)))
		switch {
		case next.State != string(p.State) || next.EventID != one || next.MemberID != member || next.ContactID != contact || next.Epoch != 0:
			t.Fatalf("%d: %+v of %+v", i, next, p)
		case row.State == next.State && !next.At.Equal(row.At):
			t.Fatalf("%d: the same state at another time: %v, was %v", i, next.At, row.At)
		case row.State != "" && row.State != next.State && !next.At.After(row.At):
			t.Fatalf("%d: %v after %v", i, next.At, row.At)
		}
		if next.Told(p, contact, epoch) {
			t.Fatal("told before HubSpot has confirmed it")
		}
		if next.Epoch = epoch; !next.Told(p, contact, epoch) || next.Told(p, "1002", epoch) || next.Told(p, contact, epoch+1) {
			t.Fatal("told, of another contact, or before everything was sent again")
		}
		row = next
	}
}

func TestEventsThatWereOver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, end time.Time
		over       bool
	}{
		{at(1), at(2), true}, {at(1), at(9), false}, {at(1), time.Time{}, true}, {at(9), time.Time{}, false}, {time.Time{}, time.Time{}, false},
	} {
		r := confirmed(one)
		r.EventStart, r.EventEnd = c.start, c.end
		all := attendance.Of(integration.Member{Registrations: []integration.Registration{r}})
		if all[0].Over(at(5)) != c.over {
			t.Errorf("%v to %v: over = %v", c.start, c.end, !c.over)
		}
		if attendance.Concerns(all, nil, at(5), contact, epoch) == c.over {
			t.Errorf("%v to %v: told of an event that was over, or not of one that is not", c.start, c.end)
		}
		// HubSpot knows of it already: it goes on being told.
		rows := map[string]attendance.Row{one: {EventID: one, State: string(hubspot.Registered), ContactID: "other", Epoch: epoch}}
		if !attendance.Concerns(all, rows, at(5), contact, epoch) {
			t.Error("a contact that became another is not told of")
		}
	}
}
