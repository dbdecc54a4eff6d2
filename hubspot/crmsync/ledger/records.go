package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Entry is a record with what it is about. An empty status leaves what is
// stored as it is.
type Entry struct {
	Entity, Key string
	HubSpotID   string
	Record      Record
	Tag         *TagEntry // of type tag only
}

// Record is what a pass says about one entity.
type Record struct {
	Status      integration.SyncStatus
	Code        verdict.Code
	Properties  []string
	OtherID     string
	Detail      string
	Correlation string
	Gone        bool
}

// Records is the store of sync records and their attempts.
type Records struct {
	DB *bun.DB
	Tables
}

// NewRecords returns the store over the tables in schema.
func NewRecords(db *bun.DB, schema string) *Records {
	return &Records{DB: db, Tables: Tables{schema}}
}

// RecordRow is a sync record as it is stored.
type RecordRow struct {
	bun.BaseModel `bun:"table:records"`

	ID             string     `bun:"id,type:uuid,nullzero"`
	ClientID       string     `bun:"client_id,type:uuid"`
	EntityType     string     `bun:"entity_type"`
	EntityID       string     `bun:"entity_id,type:uuid"`
	CRMEntityID    *string    `bun:"crm_entity_id"`
	PortalID       int64      `bun:"portal_id"`
	SyncStatus     string     `bun:"sync_status"`
	Code           string     `bun:"code"`
	Properties     []string   `bun:"properties,array"`
	OtherID        string     `bun:"other_id"`
	Detail         string     `bun:"detail"`
	CorrelationID  string     `bun:"correlation_id"`
	IdempotencyKey string     `bun:"idempotency_key"`
	Gone           bool       `bun:"gone"`
	LastSyncAt     *time.Time `bun:"last_sync_at"`
	CreatedAt      time.Time  `bun:"created_at"`
	UpdatedAt      time.Time  `bun:"updated_at"`
}

// AttemptRow is what became of a sync record at one time.
type AttemptRow struct {
	bun.BaseModel `bun:"table:attempts"`

	ClientID      string    `bun:"client_id,type:uuid"`
	RecordID      string    `bun:"record_id,type:uuid"`
	At            time.Time `bun:"at"`
	SyncStatus    string    `bun:"sync_status"`
	Code          string    `bun:"code"`
	Properties    []string  `bun:"properties,array"`
	OtherID       string    `bun:"other_id"`
	Detail        string    `bun:"detail"`
	CorrelationID string    `bun:"correlation_id"`
}

// Save writes the records of a pass, one row for each entity updated in place,
// and an attempt for each failure and each change of state. It runs in
// Settle's transaction.
func (r *Records) Save(ctx context.Context, tx bun.Tx, at Place, entries []Entry, now time.Time) error {
	rows := r.rows(at, entries, now)
	if len(rows) == 0 {
		return nil
	}
	before, err := r.states(ctx, tx, at, rows)
	if err != nil {
		return err
	}
	_, err = tx.NewInsert().Model(&rows).ModelTableExpr("? as r", r.Record()).ExcludeColumn("id").
		On("conflict (client_id, portal_id, entity_type, entity_id) do update").
		Set(`crm_entity_id = excluded.crm_entity_id, sync_status = excluded.sync_status,
			code = excluded.code, properties = excluded.properties, other_id = excluded.other_id, detail = excluded.detail,
			correlation_id = excluded.correlation_id, gone = excluded.gone,
			last_sync_at = coalesce(excluded.last_sync_at, r.last_sync_at), updated_at = excluded.updated_at`).
		Returning("id").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save sync records: %w", err)
	}
	if err := r.saveTags(ctx, tx, at, rows, entries); err != nil {
		return err
	}
	return r.saveAttempts(ctx, tx, rows, before)
}

func (r *Records) rows(at Place, entries []Entry, now time.Time) []RecordRow {
	var rows []RecordRow
	for _, e := range entries {
		rec := e.Record
		if rec.Status == "" {
			continue
		}
		row := RecordRow{
			ClientID: at.ClientID, EntityType: e.Entity, EntityID: e.Key, PortalID: at.PortalID,
			SyncStatus: string(rec.Status), Code: string(rec.Code), Properties: rec.Properties, OtherID: rec.OtherID,
			Detail: values.Truncate(rec.Detail, 500), CorrelationID: rec.Correlation, Gone: rec.Gone,
			IdempotencyKey: fmt.Sprintf("%d:%s:%s", at.PortalID, e.Entity, e.Key),
			CreatedAt:      now, UpdatedAt: now,
		}
		if row.Properties == nil {
			row.Properties = []string{}
		}
		if e.HubSpotID != "" {
			row.CRMEntityID = &e.HubSpotID
		}
		if rec.Status == integration.SyncSynced {
			row.LastSyncAt = &now
		}
		rows = append(rows, row)
	}
	return rows
}

// states returns status and code of the rows' entities as stored, by type and
// entity.
func (r *Records) states(ctx context.Context, tx bun.Tx, at Place, rows []RecordRow) (map[string][2]string, error) {
	keys := make([]string, len(rows))
	for i, row := range rows {
		keys[i] = row.EntityID
	}
	var found []struct {
		EntityType string `bun:"entity_type"`
		EntityID   string `bun:"entity_id"`
		SyncStatus string `bun:"sync_status"`
		Code       string `bun:"code"`
	}
	err := tx.NewRaw(`select entity_type, entity_id::text, sync_status, code from ? where client_id = ? and portal_id = ? and entity_id in (?)`,
		r.Record(), at.ClientID, at.PortalID, bun.List(keys)).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load sync records: %w", err)
	}
	out := make(map[string][2]string, len(found))
	for _, f := range found {
		out[f.EntityType+f.EntityID] = [2]string{f.SyncStatus, f.Code}
	}
	return out, nil
}

func (r *Records) saveAttempts(ctx context.Context, tx bun.Tx, rows []RecordRow, before map[string][2]string) error {
	var attempts []AttemptRow
	for _, row := range rows {
		same := before[row.EntityType+row.EntityID] == [2]string{row.SyncStatus, row.Code}
		failed := row.SyncStatus == string(integration.SyncFailed) || row.SyncStatus == string(integration.SyncPending)
		if same && !failed {
			continue
		}
		attempts = append(attempts, AttemptRow{ClientID: row.ClientID, RecordID: row.ID, At: row.UpdatedAt,
			SyncStatus: row.SyncStatus, Code: row.Code, Properties: row.Properties, OtherID: row.OtherID,
			Detail: row.Detail, CorrelationID: row.CorrelationID})
	}
	if len(attempts) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&attempts).ModelTableExpr("?", r.Attempt()).Exec(ctx); err != nil {
		return fmt.Errorf("crmsync: save sync attempts: %w", err)
	}
	ids := make([]string, len(attempts))
	for i, a := range attempts {
		ids[i] = a.RecordID
	}
	// Some more than one at a time: it catches up with what was there before.
	_, err := tx.NewRaw(`delete from ?0 where id in (select old.id from unnest(?1::uuid[]) as r (id)
		cross join lateral (select id from ?0 where record_id = r.id order by id desc offset ?2 limit ?2) old)`,
		r.Attempt(), pgdialect.Array(ids), AttemptsKept).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: drop old sync attempts: %w", err)
	}
	return nil
}

// AttemptsKept is how many attempts of one record are remembered, the newest
// ones: a record can be tried for weeks.
const AttemptsKept = 100

// Gone reports which of keys have left the host, by what was last settled of
// them.
func (r *Records) Gone(ctx context.Context, at Place, entity string, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(keys) == 0 {
		return out, nil
	}
	var gone []string
	err := r.DB.NewRaw(`select entity_id::text from ? where client_id = ? and portal_id = ? and entity_type = ? and entity_id in (?) and gone`,
		r.Record(), at.ClientID, at.PortalID, entity, bun.List(keys)).Scan(ctx, &gone)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load who is gone: %w", err)
	}
	for _, key := range gone {
		out[key] = true
	}
	return out, nil
}

// StandBehind lists the keys that cannot be sent because another one has one of
// these records, within tx.
func (r *Records) StandBehind(ctx context.Context, tx bun.Tx, at Place, entity string, records []string) ([]string, error) {
	if len(records) == 0 {
		return nil, nil
	}
	codes := []verdict.Code{verdict.Collision, verdict.Merged, verdict.SharedEmail}
	var keys []string
	err := tx.NewRaw(`select entity_id::text from ? where client_id = ? and portal_id = ? and sync_status = ? and code in (?) and not gone
			and entity_type = ? and other_id in (?) order by entity_id`,
		r.Record(), at.ClientID, at.PortalID, integration.SyncFailed, bun.List(codes), entity, bun.List(records)).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list who stands behind: %w", err)
	}
	return keys, nil
}
