package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Longest texts in bytes. Longer ones come from a broken or hostile client and
// are cut: the record matters more than its last characters.
const (
	maxShort = 255
	maxAgent = 1024
	maxValue = 4096
)

// Audit is an integration.AuditLog. Its table refuses UPDATE, DELETE and
// TRUNCATE by triggers, so that neither a bug nor an admin of the host can
// rewrite the past by accident.
type Audit struct {
	db   *bun.DB
	opts Options
}

// NewAudit returns an audit log over db.
func NewAudit(db *bun.DB, opts Options) *Audit {
	return &Audit{db: db, opts: opts.withDefaults()}
}

type auditRow struct {
	bun.BaseModel `bun:"table:hubspot_audit,alias:a"`

	ID             int64           `bun:"id,pk,autoincrement"`
	ClientID       string          `bun:"client_id,type:uuid"`
	Integration    string          `bun:"integration"`
	Action         string          `bun:"action"`
	ActorID        string          `bun:"actor_id"`
	ImpersonatorID string          `bun:"impersonator_id"`
	IPAddress      string          `bun:"ip_address"`
	UserAgent      string          `bun:"user_agent"`
	Changes        json.RawMessage `bun:"changes,type:jsonb"`
	At             time.Time       `bun:"at"`
}

func (a *Audit) table() bun.Ident { return bun.Ident(a.opts.Schema + ".hubspot_audit") }

// Append adds r within tx. A zero r.At becomes the current time. Texts are cut
// to 255 bytes, the user agent to 1024, the old and new values to 4096.
//
// It stores what it is given: that a changed secret appears as its fingerprint
// and nothing else is the caller's duty.
func (a *Audit) Append(ctx context.Context, tx *sql.Tx, r integration.AuditRecord) error {
	at, err := placeOf(r.ClientID, r.Integration)
	if err != nil {
		return err
	}
	switch {
	case tx == nil:
		return errors.New("pgstore: audit: no transaction")
	case r.Action == "":
		return errors.New("pgstore: audit: no action")
	case r.ActorID == "":
		return errors.New("pgstore: audit: no actor")
	}
	changes := make(map[string]integration.AuditChange, len(r.Changes))
	for key, c := range r.Changes {
		changes[storable(key, maxShort)] = integration.AuditChange{Old: storable(c.Old, maxValue), New: storable(c.New, maxValue)}
	}
	body, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("pgstore: audit: %w", err)
	}
	when := a.opts.now()
	if !r.At.IsZero() {
		when = stamp(r.At)
	}
	row := &auditRow{
		ClientID: at.clientID, Integration: string(at.id), Action: storable(r.Action, maxShort),
		ActorID: storable(r.ActorID, maxShort), ImpersonatorID: storable(r.ImpersonatorID, maxShort),
		IPAddress: storable(r.IPAddress, maxShort), UserAgent: storable(r.UserAgent, maxAgent),
		Changes: body, At: when,
	}
	_, err = a.db.NewInsert().Conn(tx).Model(row).ModelTableExpr("?", a.table()).ExcludeColumn("id").
		Returning("NULL").Exec(ctx)
	if err != nil {
		return fmt.Errorf("pgstore: audit: %w", err)
	}
	return nil
}

// Newest returns the last records of one tenant for one integration, the newest
// first, at most limit of them (100 if limit is not positive).
func (a *Audit) Newest(ctx context.Context, clientID string, id integration.ID, limit int) ([]integration.AuditRecord, error) {
	at, err := placeOf(clientID, id)
	if err != nil {
		return nil, nil // no such tenant, hence no records
	}
	if limit <= 0 {
		limit = 100
	}
	var rows []auditRow
	err = a.db.NewSelect().Model(&rows).ModelTableExpr("? as a", a.table()).
		Where("a.client_id = ? and a.integration = ?", at.clientID, string(at.id)).
		OrderExpr("a.id desc").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("pgstore: read audit: %w", err)
	}
	out := make([]integration.AuditRecord, 0, len(rows))
	for _, row := range rows {
		var changes map[string]integration.AuditChange
		if err := json.Unmarshal(row.Changes, &changes); err != nil {
			return nil, fmt.Errorf("pgstore: audit record %d: %w", row.ID, err)
		}
		out = append(out, integration.AuditRecord{
			ClientID: row.ClientID, Integration: integration.ID(row.Integration), Action: row.Action,
			ActorID: row.ActorID, ImpersonatorID: row.ImpersonatorID, IPAddress: row.IPAddress,
			UserAgent: row.UserAgent, Changes: changes, At: row.At.UTC(),
		})
	}
	return out, nil
}
