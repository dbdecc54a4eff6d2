package events

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

type eventRow struct {
	bun.BaseModel `bun:"table:mp_events,alias:e"`
	ID            string    `bun:"id,pk,type:uuid"`
	ClientID      string    `bun:"client_id,type:uuid"`
	Name          string    `bun:"name"`
	Description   string    `bun:"description"`
	Type          string    `bun:"type"`
	Location      string    `bun:"location"`
	StartsAt      time.Time `bun:"starts_at"`
	EndsAt        time.Time `bun:"ends_at"`
	CancelledAt   time.Time `bun:"cancelled_at,nullzero"`
	UpdatedAt     time.Time `bun:"updated_at"`
	Day           string    `bun:"day,scanonly"`
	Zone          string    `bun:"zone,scanonly"`
	Taken         int       `bun:"taken,scanonly"`
}

func (r eventRow) event() Event {
	day, _ := integration.ParseDate(r.Day) // as PostgreSQL prints it
	return Event{
		Event: integration.Event{
			ID: r.ID, Name: r.Name, Description: r.Description, Type: r.Type,
			Start: r.StartsAt.UTC(), End: r.EndsAt.UTC(), Cancelled: !r.CancelledAt.IsZero(),
		},
		Location: r.Location, UpdatedAt: r.UpdatedAt, Taken: r.Taken, day: day, zone: r.Zone,
	}
}

func rowOf(clientID string, e Event, now time.Time) eventRow {
	r := eventRow{
		ID: e.ID, ClientID: clientID, Name: e.Name, Description: e.Description, Type: e.Type, Location: e.Location,
		StartsAt: e.Start, EndsAt: e.End, UpdatedAt: now,
	}
	if e.Cancelled {
		r.CancelledAt = now
	}
	return r
}

// events begins a query for events with their day and how many are registered.
func events(db bun.IDB, dest *[]eventRow, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ColumnExpr("e.*").
		ColumnExpr("(e.starts_at at time zone c.time_zone)::date::text as day, c.time_zone as zone").
		ColumnExpr("(select count(*) from mp_registrations as r where r.client_id = e.client_id and r.event_id = e.id and r.status <> 'cancelled') as taken").
		Join("join mp_clients as c on c.id = e.client_id").
		Where("e.client_id = ?", clientID)
}

// registrationRow is a registration with what of its event belongs beside it.
type registrationRow struct {
	bun.BaseModel    `bun:"table:mp_registrations,alias:r"`
	ID               string                         `bun:"id,pk,type:uuid"`
	ClientID         string                         `bun:"client_id,type:uuid"`
	EventID          string                         `bun:"event_id,type:uuid"`
	MemberID         string                         `bun:"member_id,type:uuid,nullzero"`
	AttendeeName     string                         `bun:"attendee_name"`
	AttendeeEmail    string                         `bun:"attendee_email"`
	Status           integration.RegistrationStatus `bun:"status"`
	CreatedAt        time.Time                      `bun:"created_at"`
	ConfirmedAt      time.Time                      `bun:"confirmed_at,nullzero"`
	CancelledAt      time.Time                      `bun:"cancelled_at,nullzero"`
	Attendance       integration.Attendance         `bun:"attendance"`
	AttendanceAt     time.Time                      `bun:"attendance_at,nullzero"`
	EventName        string                         `bun:"event_name,scanonly"`
	EventStart       time.Time                      `bun:"event_start,scanonly"`
	EventEnd         time.Time                      `bun:"event_end,scanonly"`
	EventCancelledAt time.Time                      `bun:"event_cancelled_at,scanonly,nullzero"`
}

func (r registrationRow) registration() Registration {
	return Registration{
		Registration: integration.Registration{
			ID: r.ID, EventID: r.EventID, EventName: r.EventName, EventStart: r.EventStart, EventEnd: r.EventEnd,
			EventCancelled: !r.EventCancelledAt.IsZero(), Status: r.Status, RegisteredAt: r.ConfirmedAt, CancelledAt: r.CancelledAt,
			Attendance: r.Attendance, AttendanceAt: r.AttendanceAt,
		},
		MemberID: r.MemberID, Name: r.AttendeeName, Email: r.AttendeeEmail, CreatedAt: r.CreatedAt,
	}
}

func registrations(db bun.IDB, dest *[]registrationRow, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ColumnExpr("r.*").
		ColumnExpr("e.name as event_name, e.starts_at as event_start, e.ends_at as event_end, e.cancelled_at as event_cancelled_at").
		Join("join mp_events as e on e.client_id = r.client_id and e.id = r.event_id").
		Where("r.client_id = ?", clientID)
}

// Rows are the events that there are.
func Rows() store.Rows { return store.Rows{Table: "mp_events"} }

// Load returns those of these events that exist, by id, with one query.
func Load(ctx context.Context, db bun.IDB, clientID string, ids []string) (map[string]integration.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var all []eventRow
	if err := events(db, &all, clientID).Where("e.id in (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("events: load: %w", err)
	}
	out := make(map[string]integration.Event, len(all))
	for _, r := range all {
		out[r.ID] = r.event().Event
	}
	return out, nil
}

// OfMembers returns every registration of these members, the earliest event
// first, by member id, with one query.
func OfMembers(ctx context.Context, db bun.IDB, clientID string, memberIDs []string) (map[string][]integration.Registration, error) {
	if len(memberIDs) == 0 {
		return nil, nil
	}
	var all []registrationRow
	err := registrations(db, &all, clientID).Where("r.member_id in (?)", bun.List(memberIDs)).
		OrderExpr("e.starts_at, r.created_at, r.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("events: registrations of members: %w", err)
	}
	out := map[string][]integration.Registration{}
	for _, r := range all {
		out[r.MemberID] = append(out[r.MemberID], r.registration().Registration)
	}
	return out, nil
}
