// Package journal is how the modules of the reference host tell integrations
// what they have done: in the transaction in which they did it. What happens to
// people is kept beside it under an id of its own, so that one happening is told
// once.
package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Recorder is where changes are recorded. An error rolls the transaction back:
// a change and its record commit together or not at all.
type Recorder interface {
	Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error
}

// Journal records for one module.
type Journal struct{ rec Recorder }

// New returns a journal that records with rec.
func New(rec Recorder) *Journal { return &Journal{rec} }

type activityRow struct {
	bun.BaseModel `bun:"table:mp_activities,alias:a"`
	ID            string                   `bun:"id,pk,type:uuid"`
	ClientID      string                   `bun:"client_id,type:uuid"`
	Type          integration.ActivityType `bun:"type"`
	MemberID      string                   `bun:"member_id,type:uuid,nullzero"`
	OccurredAt    time.Time                `bun:"occurred_at"`
	Name          string                   `bun:"name"`
	FromName      string                   `bun:"from_name"`
	AboutKind     integration.Kind         `bun:"about_kind"`
	AboutID       string                   `bun:"about_id,type:uuid"`
	Day           string                   `bun:"day,type:date,nullzero"`
}

// batch is how many changes one statement records.
const batch = 500

// Record records changes in tx, in their order. The rows that they are about
// are locked or written in tx already, so that two writers of one of them record
// in the order in which they commit.
func (j *Journal) Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error {
	for start := 0; start < len(changes); start += batch {
		if err := j.rec.Record(ctx, tx, changes[start:min(start+batch, len(changes))]...); err != nil {
			return fmt.Errorf("journal: record: %w", err)
		}
	}
	return nil
}

// Happened writes activities down in tx and records them. They get their ids
// here: the caller decides, from the state that it has locked, that they are new.
func (j *Journal) Happened(ctx context.Context, tx bun.Tx, clientID string, all ...integration.Activity) error {
	if len(all) == 0 {
		return nil
	}
	rows, changes := make([]activityRow, len(all)), make([]integration.Change, len(all))
	for i, a := range all {
		a.ID = uuid.Must(uuid.NewV7()).String()
		rows[i] = activityRow{
			ID: a.ID, ClientID: clientID, Type: a.Type, MemberID: a.MemberID, OccurredAt: a.OccurredAt,
			Name: a.Name, FromName: a.From, AboutKind: a.About.Kind, AboutID: a.About.Key, Day: a.On.String(),
		}
		changes[i] = integration.ActivityHappened(clientID, a)
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("journal: write: %w", err)
	}
	return j.Record(ctx, tx, changes...)
}

// Members is the change of each of these members.
func Members(clientID string, ids ...string) []integration.Change {
	out := make([]integration.Change, len(ids))
	for i, id := range ids {
		out[i] = integration.MemberChanged(clientID, id)
	}
	return out
}

// OfMember returns a member's newest activities, at most limit.
func OfMember(ctx context.Context, db bun.IDB, clientID, memberID string, limit int) ([]integration.Activity, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(memberID) {
		return nil, nil
	}
	var rows []activityRow
	err := db.NewSelect().Model(&rows).ExcludeColumn("day").ColumnExpr("a.day::text as day").
		Where("a.client_id = ? and a.member_id = ?", clientID, memberID).
		Order("a.occurred_at desc", "a.id desc").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("journal: activities: %w", err)
	}
	out := make([]integration.Activity, len(rows))
	for i, r := range rows {
		out[i] = integration.Activity{
			ID: r.ID, Type: r.Type, MemberID: r.MemberID, OccurredAt: r.OccurredAt, Name: r.Name, From: r.FromName,
			About: integration.Ref{Kind: r.AboutKind, Key: r.AboutID},
		}
		if r.Day != "" {
			if out[i].On, err = integration.ParseDate(r.Day); err != nil {
				return nil, fmt.Errorf("journal: activity %s: %w", r.ID, err)
			}
		}
	}
	return out, nil
}
