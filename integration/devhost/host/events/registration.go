package events

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Registration is somebody's place at an event.
type Registration struct {
	integration.Registration
	MemberID  string // "" for an attendee who is no member
	Name      string // of the attendee; the member's own name if there is one
	Email     string
	CreatedAt time.Time
}

// Statuses are the statuses of a registration.
func Statuses() []string {
	return []string{
		string(integration.RegistrationPending), string(integration.RegistrationConfirmed),
		string(integration.RegistrationCheckedIn), string(integration.RegistrationCancelled),
	}
}

// Registrations returns who is registered for an event, in the order in which
// they came.
func (m *Module) Registrations(ctx context.Context, clientID, eventID string) ([]Registration, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(eventID) {
		return nil, problem.Missing("event")
	}
	return list(ctx, m.db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.event_id = ?", eventID) })
}

// OfMember returns a member's registrations, in the order in which they were
// made.
func (m *Module) OfMember(ctx context.Context, clientID, memberID string) ([]Registration, error) {
	return list(ctx, m.db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.member_id = ?", memberID) })
}

func list(ctx context.Context, db bun.IDB, clientID string, where func(*bun.SelectQuery) *bun.SelectQuery) ([]Registration, error) {
	var all []registrationRow
	if err := where(registrations(db, &all, clientID)).OrderExpr("r.created_at, r.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("events: registrations: %w", err)
	}
	var ids []string
	for _, r := range all {
		if r.MemberID != "" {
			ids = append(ids, r.MemberID)
		}
	}
	people, err := members.People(ctx, db, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Registration, len(all))
	for i, r := range all {
		out[i] = r.registration()
		if p, ok := people[r.MemberID]; ok {
			out[i].Name, out[i].Email = p.Name, p.Email
		}
	}
	return out, nil
}

// Register gives somebody a place: a member by "memberId", or anybody by "name"
// and "email". Without a "status" it is confirmed. One member has one open
// registration for an event.
func (m *Module) Register(ctx context.Context, clientID, eventID string, v check.Values) (Registration, error) {
	next := integration.Registration{ID: uuid.Must(uuid.NewV7()).String(), EventID: eventID, Status: integration.RegistrationConfirmed}
	row := registrationRow{ID: next.ID, ClientID: clientID, EventID: eventID}
	c, status := check.Of(v), string(next.Status)
	c.ID("memberId", &row.MemberID, "member")
	c.Line("name", &row.AttendeeName, 200)
	c.Email("email", &row.AttendeeEmail)
	if row.MemberID == "" && row.AttendeeName == "" && row.AttendeeEmail == "" {
		c.Add("memberId", "Say who comes: the id of a member, or a name and an email address.")
	}
	c.Choice("status", &status, Statuses()...)
	if err := c.Err(); err != nil {
		return Registration{}, err
	}
	var out Registration
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		event, err := get(ctx, tx, clientID, eventID, "for share")
		if err != nil {
			return err
		}
		if event.Cancelled {
			return &problem.Problem{Status: http.StatusConflict, Title: "This event is cancelled.", Detail: "Nothing was changed.", Fix: "Choose another event."}
		}
		if row.MemberID != "" {
			if err := members.TouchOne(ctx, tx, clientID, m.moment(), row.MemberID); err != nil {
				return notAMember(err)
			}
		}
		now := m.moment()
		row.CreatedAt = now
		next = withStatus(integration.Registration{ID: next.ID, Status: integration.RegistrationPending}, integration.RegistrationStatus(status), now)
		put(&row, next)
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			if store.Violates(err) == "mp_registrations_one_open" {
				return problem.Invalid(map[string][]string{"memberId": {"This member is registered for the event already."}})
			}
			return fmt.Errorf("events: register: %w", err)
		}
		out, err = m.tell(ctx, tx, clientID, event, row, told(integration.Registration{}, next))
		return err
	})
	return out, err
}

// Change changes the "status" of a registration or whether the attendee came:
// "attended" is "true", "false" (a no-show) or "" (not decided any more). What is
// so already is neither written nor recorded, so the same list of attendees can
// be read in twice.
func (m *Module) Change(ctx context.Context, clientID, id string, v check.Values) (Registration, error) {
	var out Registration
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := one(ctx, tx, clientID, id, "")
		if err != nil {
			return err
		}
		event, err := get(ctx, tx, clientID, old.EventID, "for share")
		if err != nil {
			return err
		}
		if old.MemberID != "" { // who has been deleted since stays on the list
			if _, err := members.Touch(ctx, tx, clientID, m.moment(), old.MemberID); err != nil {
				return err
			}
		}
		row, err := one(ctx, tx, clientID, id, "for update")
		if err != nil {
			return err
		}
		before := row.registration().Registration
		next, err := changed(before, v, m.moment())
		if err != nil {
			return err
		}
		if next == before {
			out, err = show(ctx, tx, clientID, id)
			return err
		}
		put(&row, next)
		_, err = tx.NewUpdate().Model(&row).Column("status", "confirmed_at", "cancelled_at", "attendance", "attendance_at").
			Where("r.client_id = ? and r.id = ?", clientID, id).Exec(ctx)
		if store.Violates(err) == "mp_registrations_one_open" {
			return problem.Invalid(map[string][]string{"status": {"This member has another open registration for the event."}})
		}
		if err != nil {
			return fmt.Errorf("events: change registration: %w", err)
		}
		out, err = m.tell(ctx, tx, clientID, event, row, told(before, next))
		return err
	})
	return out, err
}

// tell records a registration that was written and returns it.
func (m *Module) tell(ctx context.Context, tx bun.Tx, clientID string, event Event, row registrationRow, happened []happening) (Registration, error) {
	if row.MemberID != "" {
		if err := m.rec.Record(ctx, tx, journal.Members(clientID, row.MemberID)...); err != nil {
			return Registration{}, err
		}
	}
	all := make([]integration.Activity, len(happened))
	for i, h := range happened {
		all[i] = integration.Activity{
			Type: h.what, MemberID: row.MemberID, OccurredAt: h.at, Name: event.Name, On: event.day,
			About: integration.Ref{Kind: integration.KindEvent, Key: event.ID},
		}
	}
	if err := m.rec.Happened(ctx, tx, clientID, all...); err != nil {
		return Registration{}, err
	}
	return show(ctx, tx, clientID, row.ID)
}

func show(ctx context.Context, db bun.IDB, clientID, id string) (Registration, error) {
	all, err := list(ctx, db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.id = ?", id) })
	if err == nil && len(all) == 0 {
		err = problem.Missing("registration")
	}
	if err != nil {
		return Registration{}, err
	}
	return all[0], nil
}

func one(ctx context.Context, db bun.IDB, clientID, id, lock string) (registrationRow, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return registrationRow{}, problem.Missing("registration")
	}
	if lock != "" {
		if _, err := db.NewRaw("select from mp_registrations where client_id = ? and id = ? ?", clientID, id, bun.Safe(lock)).Exec(ctx); err != nil {
			return registrationRow{}, fmt.Errorf("events: lock registration: %w", err)
		}
	}
	var all []registrationRow
	if err := registrations(db, &all, clientID).Where("r.id = ?", id).Scan(ctx); err != nil {
		return registrationRow{}, fmt.Errorf("events: registration: %w", err)
	}
	if len(all) == 0 {
		return registrationRow{}, problem.Missing("registration")
	}
	return all[0], nil
}

func put(row *registrationRow, r integration.Registration) {
	row.Status, row.ConfirmedAt, row.CancelledAt = r.Status, r.RegisteredAt, r.CancelledAt
	row.Attendance, row.AttendanceAt = r.Attendance, r.AttendanceAt
}
