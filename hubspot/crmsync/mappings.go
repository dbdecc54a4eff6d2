package crmsync

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// mappings is the store of the tenants' property maps.
type mappings struct {
	db *bun.DB
	ledger.Tables
}

// mapping is a tenant's map; version 0 is the default one.
type mapping struct {
	version int64
	rules   []integration.MappingRule
}

// load returns the tenant's map, the default one if it has none of its own.
func (m *mappings) load(ctx context.Context, db bun.IConn, at ledger.Place) (mapping, error) {
	var out mapping
	var raw []byte
	err := m.db.NewRaw(`select version, rules from ? where client_id = ? and portal_id = ?`, m.Mapping(), at.ClientID, at.PortalID).
		Conn(db).Scan(ctx, &out.version, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return mapping{rules: propertymap.Defaults()}, nil
	}
	if err != nil {
		return mapping{}, fmt.Errorf("crmsync: load mapping: %w", err)
	}
	if err := json.Unmarshal(raw, &out.rules); err != nil {
		return mapping{}, fmt.Errorf("crmsync: stored mapping: %w", err)
	}
	out.rules = propertymap.Upgraded(out.rules)
	return out, nil
}

// store replaces the map of a version by the next one; ErrStale if it is
// another one by now.
func (m *mappings) store(ctx context.Context, tx bun.IConn, at ledger.Place, version int64, rules []integration.MappingRule, now time.Time) error {
	raw, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("crmsync: store mapping: %w", err)
	}
	res, err := m.db.NewRaw(`insert into ? as m (client_id, portal_id, version, rules, updated_at) select ?::uuid, ?, 1, ?::jsonb, ? where ? = 0
			or exists (select 1 from ? where client_id = ? and portal_id = ?)
		on conflict (client_id, portal_id) do update set version = m.version + 1, rules = ?::jsonb, updated_at = excluded.updated_at where m.version = ?`,
		m.Mapping(), at.ClientID, at.PortalID, string(raw), now, version, m.Mapping(), at.ClientID, at.PortalID, string(raw), version).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: store mapping: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, integration.ErrStale)
	}
	return nil
}
