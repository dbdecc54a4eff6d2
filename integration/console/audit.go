package console

import (
	"context"
	"database/sql"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// inTx runs fn in one transaction and appends r to the audit log at its end:
// what fn did and the record of it are committed together or not at all.
func (c *Console) inTx(ctx context.Context, r integration.AuditRecord, fn func(tx *sql.Tx) error) error {
	tx, err := c.cfg.DB.BeginTx(ctx, nil)
	if err != nil {
		return inStore(err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	if fn != nil {
		if err := fn(tx); err != nil {
			return inStore(err)
		}
	}
	if err := c.cfg.Audit.Append(ctx, tx, r); err != nil {
		return inStore(err)
	}
	return inStore(tx.Commit())
}

// audit describes what the identity does now, for the tenant itself.
func (c *Console) audit(k *call, action string, changes map[string]integration.AuditChange) integration.AuditRecord {
	agent := k.r.UserAgent()
	if len(agent) > 255 {
		agent = agent[:255]
	}
	return integration.AuditRecord{
		ClientID:       k.tenant(),
		Integration:    k.spec.ID,
		Action:         action,
		ActorID:        k.who.UserID,
		ImpersonatorID: k.who.ImpersonatorID,
		IPAddress:      c.cfg.RemoteIP(k.r),
		UserAgent:      strings.ToValidUTF8(agent, ""),
		Changes:        changes,
		At:             c.cfg.Now().UTC(),
	}
}

// changesOf lists what differs, secrets by fingerprint only.
func changesOf(schema integration.Schema, old, now integration.Settings) map[string]integration.AuditChange {
	out := map[string]integration.AuditChange{}
	for _, key := range now.Changed(old) {
		// A secret is one by its place, not by the schema alone: a key that a
		// newer schema calls text may still be stored as a secret.
		f, _ := schema.Field(key)
		if f.Type == integration.TypeSecret || !old.Secret(key).IsZero() || !now.Secret(key).IsZero() {
			out[key] = integration.AuditChange{Old: old.Secret(key).Fingerprint(), New: now.Secret(key).Fingerprint()}
			continue
		}
		out[key] = integration.AuditChange{Old: old.Text(key), New: now.Text(key)}
	}
	return out
}

// one is a change list of a single note, such as the outcome of a test.
func one(key, value string) map[string]integration.AuditChange {
	return map[string]integration.AuditChange{key: {New: value}}
}
