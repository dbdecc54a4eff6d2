package associations

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// pair is a contact and a company that are associated, as we know of it.
type pair struct {
	companyID  string
	contactID  string
	companyKey string // the organization
	ours       bool   // we made it; a person's is never removed
}

// pairs is the ledger of them, by member.
type pairs struct {
	db *bun.DB
	ledger.Tables
}

type pairRow struct {
	bun.BaseModel `bun:"table:pairs"`

	ClientID   string    `bun:"client_id,type:uuid"`
	PortalID   int64     `bun:"portal_id"`
	Key        string    `bun:"key,type:uuid"`
	CompanyID  string    `bun:"company_id"`
	ContactID  string    `bun:"contact_id"`
	CompanyKey string    `bun:"company_key,type:uuid"`
	Ours       bool      `bun:"ours"`
	UpdatedAt  time.Time `bun:"updated_at"`
}

// load returns the pairs of members.
func (p *pairs) load(ctx context.Context, at ledger.Place, keys []string) (map[string][]pair, error) {
	var rows []pairRow
	err := p.db.NewRaw(`select key::text, company_id, contact_id, company_key::text, ours from ?
		where client_id = ? and portal_id = ? and key in (?) order by key, company_id`,
		p.Association(), at.ClientID, at.PortalID, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load pairs: %w", err)
	}
	out := map[string][]pair{}
	for _, r := range rows {
		out[r.Key] = append(out[r.Key], pair{r.CompanyID, r.ContactID, r.CompanyKey, r.Ours})
	}
	return out, nil
}

// Put stores pairs by member. Before a call that makes them it is given no
// transaction: a pair whose call was made must be known as ours, whatever
// becomes of the reply.
func (p *pairs) Put(ctx context.Context, db bun.IDB, at ledger.Place, keys []string, by map[string][]pair, now time.Time) error {
	var rows []pairRow
	for _, key := range keys {
		for _, r := range by[key] {
			rows = append(rows, pairRow{ClientID: at.ClientID, PortalID: at.PortalID, Key: key, CompanyID: r.companyID,
				ContactID: r.contactID, CompanyKey: r.companyKey, Ours: r.ours, UpdatedAt: now})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := db.NewInsert().Model(&rows).ModelTableExpr("?", p.Association()).
		On("conflict (client_id, portal_id, key, company_id) do update").
		Set("contact_id = excluded.contact_id, company_key = excluded.company_key, ours = excluded.ours, updated_at = excluded.updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save pairs: %w", err)
	}
	return nil
}

// replace makes the pairs of members those that are given, within tx.
func (p *pairs) replace(ctx context.Context, tx bun.Tx, at ledger.Place, keys []string, by map[string][]pair, now time.Time) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and key in (?)`,
		p.Association(), at.ClientID, at.PortalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget pairs: %w", err)
	}
	return p.Put(ctx, tx, at, keys, by, now)
}
