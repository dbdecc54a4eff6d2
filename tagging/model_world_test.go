package tagging_test

import (
	"fmt"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func (w *world) event() {
	if w.rng.IntN(3) == 0 || len(w.member.Registrations) == 0 {
		w.register()
		return
	}
	r := &w.member.Registrations[w.rng.IntN(len(w.member.Registrations))]
	book := w.oracle.tickets[r.ID]
	decide := func(a integration.Attendance, verdict string) {
		if r.Attendance != integration.AttendanceOpen && w.plain || r.Status == integration.RegistrationPending ||
			r.Status == integration.RegistrationCancelled && w.plain {
			return
		}
		at := w.sometime(book.confirmed)
		w.tell("%s %s at %d", verdict, r.ID, at)
		r.Attendance, r.AttendanceAt, w.ends = a, second(at), at
		if r.Status == integration.RegistrationConfirmed && w.rng.IntN(2) == 0 {
			r.Status = integration.RegistrationCheckedIn
		}
		book.decide(verdict, at)
	}
	switch n := w.rng.IntN(10); {
	case r.Status == integration.RegistrationPending && n < 8:
		w.tell("confirm %s", r.ID)
		r.Status, r.RegisteredAt, book.confirmed = integration.RegistrationConfirmed, second(w.now), w.now
	case n < 4:
		decide(integration.AttendanceAttended, "attended")
	case n < 6:
		decide(integration.AttendanceNoShow, "no-show")
	case n < 7 && r.Attendance != integration.AttendanceOpen && !w.plain:
		w.tell("undo %s", r.ID)
		r.Attendance, r.AttendanceAt = integration.AttendanceOpen, time.Time{}
		if w.rng.IntN(2) == 0 {
			r.AttendanceAt = second(w.now)
		}
		book.undo()
	case n < 8 && !w.plain && !r.EventCancelled:
		w.tell("call-off %s", r.ID)
		r.EventCancelled, book.gone = true, true
	case r.Status != integration.RegistrationCancelled && r.Status != integration.RegistrationPending:
		w.tell("withdraw-registration %s", r.ID)
		if r.Attendance == integration.AttendanceOpen {
			w.ends = w.now
		}
		r.Status, r.CancelledAt = integration.RegistrationCancelled, second(w.now)
		book.cancel(w.now)
	}
}

func (w *world) register() {
	id := fmt.Sprintf("event-%d", len(w.member.Registrations))
	r := integration.Registration{ID: id, EventID: id, EventName: id, EventStart: second(w.now + 500_000), EventEnd: second(w.now + 600_000), Status: integration.RegistrationPending}
	book := &ticketBook{name: id}
	if w.rng.IntN(4) > 0 {
		book.confirmed = w.sometime(0)
		r.Status, r.RegisteredAt = integration.RegistrationConfirmed, second(book.confirmed)
	}
	w.tell("register %s at %d", id, book.confirmed)
	w.member.Registrations = append(w.member.Registrations, r)
	w.oracle.tickets[id] = book
}

// ends are months; the member's memberships may well end in the same one.
func endDate(month int) integration.Date {
	return integration.DateOf(time.Date(2026, time.Month(month), 28, 0, 0, 0, 0, time.UTC))
}

func (w *world) membership() {
	if n := len(w.member.Memberships); n == 0 || n < 5 && w.rng.IntN(8) == 0 {
		id, end := fmt.Sprintf("plan-%d", n), 6+w.rng.IntN(12)
		w.tell("join %s to %d", id, end)
		w.member.Memberships = append(w.member.Memberships, integration.Membership{ID: id, PlanName: "Silver", Status: integration.MembershipActive,
			StatusSince: second(w.now), EndDate: endDate(end)})
		w.oracle.plans[id] = &planBook{plan: "Silver", end: end}
		w.oracle.status(id, "active", w.now)
		return
	}
	m := &w.member.Memberships[w.rng.IntN(len(w.member.Memberships))]
	book, status := w.oracle.plans[m.ID], m.Status
	running := status == integration.MembershipActive || status == integration.MembershipExpiring
	turn := func(to integration.MembershipStatus) {
		w.tell("%s %s", to, m.ID)
		m.Status, m.StatusSince = to, second(w.now)
		if to == integration.MembershipExpired && w.rng.IntN(2) == 0 { // a host may tidy up, or not
			m.DowngradeScheduledAt = time.Time{}
		}
		w.oracle.status(m.ID, string(to), w.now)
	}
	switch n := w.rng.IntN(20); {
	case n < 3 && status == integration.MembershipActive:
		turn(integration.MembershipExpiring)
	case n < 5 && running:
		turn(integration.MembershipExpired)
	case n < 6 && running:
		turn(integration.MembershipSuspended)
	case n < 8 && status == integration.MembershipSuspended:
		turn(integration.MembershipActive)
	case n < 9 && status != integration.MembershipCancelled:
		turn(integration.MembershipCancelled)
	case n < 13 && (running || status == integration.MembershipExpired):
		w.renew(m, book)
	case n < 15 && running:
		w.tell("upgrade %s", m.ID)
		m.PlanName, m.UpgradedFrom, m.UpgradedAt = m.PlanName+"+", m.PlanName, second(w.now)
		book.plan, book.upgraded = m.PlanName, w.now
	case n < 17 && running:
		w.tell("schedule %s", m.ID)
		m.DowngradeScheduledAt, m.DowngradeTo, m.DowngradeOn = second(w.now), fmt.Sprintf("Bronze %d", w.now), m.EndDate
		book.scheduled, book.to = w.now, m.DowngradeTo
	case n < 18 && !m.DowngradeScheduledAt.IsZero():
		w.tell("take-back-downgrade %s", m.ID)
		m.DowngradeScheduledAt, m.DowngradeTo, book.scheduled = time.Time{}, "", 0
	case n < 20 && running && !m.DowngradeScheduledAt.IsZero():
		w.downgrade(m)
	}
}

func (w *world) renew(m *integration.Membership, book *planBook) {
	w.tell("renew %s", m.ID)
	if m.Status != integration.MembershipActive {
		m.Status, m.StatusSince = integration.MembershipActive, second(w.now)
	}
	end := book.end + 12
	m.RenewedAt, m.EndDate = second(w.now), endDate(end)
	w.oracle.renew(m.ID, end, w.now)
	if !m.DowngradeScheduledAt.IsZero() {
		w.downgrade(m) // what was scheduled is for the renewal
	}
}

func (w *world) downgrade(m *integration.Membership) {
	w.tell("downgrade %s", m.ID)
	m.PlanName, m.DowngradedAt, m.DowngradeScheduledAt, m.DowngradeTo = m.DowngradeTo, second(w.now), time.Time{}, ""
	if w.rng.IntN(2) == 0 { // a host may forget the upgrade with it
		m.UpgradedAt, m.UpgradedFrom = time.Time{}, ""
	}
	w.oracle.downgrade(m.ID, m.PlanName, w.now)
}
