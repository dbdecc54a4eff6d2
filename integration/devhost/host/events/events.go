// Package events is the reference host's module of events and of who registers
// for them. An attendee need not be a member.
package events

import (
	"context"
	"fmt"
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

// Event is an event as the host shows it.
type Event struct {
	integration.Event
	Location  string
	UpdatedAt time.Time
	Taken     int // registrations that are not cancelled

	day  integration.Date // of the start, in the client's calendar
	zone string
}

// Module reads and writes events and registrations. Every method takes the id of
// the client that the caller has authorised, and sees nothing of any other.
//
// Rows are locked in one order: the event, then members by their ids, then the
// registration.
type Module struct {
	db  *bun.DB
	rec *journal.Journal
	now func() time.Time
}

// New returns the module. now is the clock; nil means time.Now.
func New(db *bun.DB, rec journal.Recorder, now func() time.Time) *Module {
	if now == nil {
		now = time.Now
	}
	return &Module{db: db, rec: journal.New(rec), now: now}
}

// moment is now as PostgreSQL keeps it.
func (m *Module) moment() time.Time { return m.now().UTC().Truncate(time.Microsecond) }

// Types are the types of an event.
func Types() []string { return []string{"live", "online", "webinar"} }

// Create adds an event. Without a type it is live; without an end it lasts two
// hours.
func (m *Module) Create(ctx context.Context, clientID string, v check.Values) (Event, error) {
	var out Event
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		e := Event{Event: integration.Event{ID: uuid.Must(uuid.NewV7()).String(), Type: Types()[0]}}
		var err error
		if e.zone, err = zoneOf(ctx, tx, clientID); err != nil {
			return err
		}
		if e, err = m.apply(e, v); err != nil {
			return err
		}
		row := rowOf(clientID, e, m.moment())
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("events: create: %w", err)
		}
		if out, err = get(ctx, tx, clientID, e.ID, ""); err != nil {
			return err
		}
		return m.rec.Record(ctx, tx, integration.EventChanged(clientID, e.ID))
	})
	return out, err
}

// Update changes fields of an event; "cancelled" is one of them. What a
// registration says about its event has changed too, so every registrant is
// recorded with it.
func (m *Module) Update(ctx context.Context, clientID, id string, v check.Values) (Event, error) {
	var out Event
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := get(ctx, tx, clientID, id, "for no key update")
		if err != nil {
			return err
		}
		if out, err = m.apply(old, v); err != nil {
			return err
		}
		if out == old {
			return nil
		}
		row := rowOf(clientID, out, m.moment())
		_, err = tx.NewUpdate().Model(&row).ExcludeColumn("id", "client_id").
			Where("e.client_id = ? and e.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("events: update: %w", err)
		}
		changes := []integration.Change{integration.EventChanged(clientID, id)}
		if onRegistrations(old) != onRegistrations(out) {
			who, err := m.touchRegistrants(ctx, tx, clientID, id)
			if err != nil {
				return err
			}
			changes = append(changes, journal.Members(clientID, who...)...)
		}
		if out, err = get(ctx, tx, clientID, id, ""); err != nil {
			return err
		}
		return m.rec.Record(ctx, tx, changes...)
	})
	return out, err
}

// onRegistrations is what of an event stands on its registrations.
func onRegistrations(e Event) integration.Event {
	return integration.Event{ID: e.ID, Name: e.Name, Start: e.Start, End: e.End, Cancelled: e.Cancelled}
}

func (m *Module) touchRegistrants(ctx context.Context, tx bun.Tx, clientID, eventID string) ([]string, error) {
	var ids []string
	err := tx.NewSelect().Model((*registrationRow)(nil)).ColumnExpr("distinct r.member_id").
		Where("r.client_id = ? and r.event_id = ? and r.member_id is not null", clientID, eventID).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("events: registrants: %w", err)
	}
	return members.Touch(ctx, tx, clientID, m.moment(), ids...)
}

// apply returns e with the values, or every mistake at once.
func (m *Module) apply(e Event, v check.Values) (Event, error) {
	zone, err := time.LoadLocation(e.zone)
	if err != nil {
		zone = time.UTC
	}
	fresh := e.Start.IsZero()
	length := 2 * time.Hour
	if !fresh {
		length = e.End.Sub(e.Start)
	}
	c := check.Of(v)
	c.Line("name", &e.Name, 200)
	c.Required("name", e.Name, "A name")
	c.Lines("description", &e.Description, 2000)
	c.Line("location", &e.Location, 300)
	c.Choice("type", &e.Type, Types()...)
	if c.Moment("start", &e.Start, zone); e.Start.IsZero() {
		c.Required("start", "", "A start")
	} else {
		e.End = e.Start.Add(length) // a new start alone moves the event
	}
	if c.Moment("end", &e.End, zone); e.End.Before(e.Start) {
		c.Add("end", "It cannot end before it starts.")
	}
	cancelled := fmt.Sprint(e.Cancelled)
	c.Choice("cancelled", &cancelled, "true", "false")
	e.Cancelled = cancelled == "true"
	return e, c.Err()
}

// List returns one page, the latest start first.
func (m *Module) List(ctx context.Context, clientID string, q store.Query) (store.Page[Event], error) {
	if !integration.ValidUUID(clientID) {
		return store.Page[Event]{}, nil
	}
	var all []eventRow
	sel := events(m.db, &all, clientID).Order("e.starts_at desc", "e.id")
	if like := q.Like(); like != "" {
		sel = sel.Where("(e.name ilike ? or e.id::text = ?)", like, q.Search)
	}
	total, err := q.On(sel).ScanAndCount(ctx)
	if err != nil {
		return store.Page[Event]{}, fmt.Errorf("events: list: %w", err)
	}
	return store.PageOf(q, int(total), all, eventRow.event), nil
}

// Get returns one event, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, clientID, id string) (Event, error) {
	return get(ctx, m.db, clientID, id, "")
}

// get reads one event; lock is "for share" of a transaction that counts on it.
func get(ctx context.Context, db bun.IDB, clientID, id, lock string) (Event, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return Event{}, problem.Missing("event")
	}
	if lock != "" {
		if _, err := db.NewRaw("select from mp_events where client_id = ? and id = ? ?", clientID, id, bun.Safe(lock)).Exec(ctx); err != nil {
			return Event{}, fmt.Errorf("events: lock: %w", err)
		}
	}
	var all []eventRow
	if err := events(db, &all, clientID).Where("e.id = ?", id).Scan(ctx); err != nil {
		return Event{}, fmt.Errorf("events: get: %w", err)
	}
	if len(all) == 0 {
		return Event{}, problem.Missing("event")
	}
	return all[0].event(), nil
}

func zoneOf(ctx context.Context, db bun.IDB, clientID string) (string, error) {
	var zone string
	if err := db.NewRaw("select time_zone from mp_clients where id = ?", clientID).Scan(ctx, &zone); err != nil {
		return "", fmt.Errorf("events: time zone: %w", err)
	}
	return zone, nil
}
