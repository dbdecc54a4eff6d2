package ports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/integration"
)

// CRMIDs writes the locked CRM ID of members and tickets.
type CRMIDs struct{ db *bun.DB }

var _ integration.CRMIDWriter = (*CRMIDs)(nil)

// NewCRMIDs returns a writer for transactions of db.
func NewCRMIDs(db *bun.DB) *CRMIDs { return &CRMIDs{db: db} }

// WriteCRMIDs implements [integration.CRMIDWriter] with one statement a kind.
// Rows are locked in the order of their ids, as everybody does.
func (w *CRMIDs) WriteCRMIDs(ctx context.Context, tx *sql.Tx, clientID string, ids []integration.CRMID) error {
	if tx == nil {
		return errors.New("ports: crm ids: no transaction")
	}
	if !integration.ValidUUID(clientID) {
		return nil
	}
	type pairs struct{ keys, values []string }
	all, last := map[integration.Kind]*pairs{integration.KindMember: {}, integration.KindTicket: {}}, map[integration.Ref]int{}
	for i, id := range ids {
		if all[id.Ref.Kind] == nil {
			return fmt.Errorf("ports: crm ids: a %s has none", id.Ref.Kind)
		}
		last[id.Ref] = i
	}
	for i, id := range ids {
		if integration.ValidUUID(id.Ref.Key) && last[id.Ref] == i { // of two for one entity the later holds
			p := all[id.Ref.Kind]
			p.keys, p.values = append(p.keys, id.Ref.Key), append(p.values, id.ID)
		}
	}
	for _, kind := range []integration.Kind{integration.KindMember, integration.KindTicket} {
		r, _ := rows(kind)
		p := all[kind]
		if len(p.keys) == 0 {
			continue
		}
		live := "true"
		if r.Live != "" {
			live = r.Live
		}
		_, err := w.db.NewRaw(`
			with new as (select * from unnest(?::uuid[], ?::text[]) as n (id, crm_id)),
			held as (
				select t.id from ? as t join new on new.id = t.id
				where t.client_id = ? and t.crm_id <> new.crm_id and ?
				order by t.id for no key update of t)
			update ? as t set crm_id = new.crm_id from held join new on new.id = held.id where t.id = held.id`,
			pgdialect.Array(p.keys), pgdialect.Array(p.values), bun.Ident(r.Table), clientID, bun.Safe(live), bun.Ident(r.Table)).Conn(tx).Exec(ctx)
		if err != nil {
			return fmt.Errorf("ports: crm ids of %s: %w", r.Table, err)
		}
	}
	return nil
}
