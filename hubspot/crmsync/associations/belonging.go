package associations

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Belonging is which organization a member is in, as it was last seen for its
// contact.
type Belonging struct {
	Organization string // "" = none
	ContactID    string
	Epoch        int64
}

// belongings is the store of them. It says whose association must be looked at,
// and which members an organization's company concerns.
type belongings struct {
	db *bun.DB
	ledger.Tables
}

// Load returns what is stored of members, by key.
func (b *belongings) Load(ctx context.Context, db bun.IDB, at ledger.Place, keys []string) (map[string]Belonging, error) {
	var rows []struct {
		Key          string `bun:"key"`
		Organization string `bun:"organization"`
		ContactID    string `bun:"contact_id"`
		Epoch        int64  `bun:"epoch"`
	}
	err := db.NewRaw(`select key::text, coalesce(organization::text, '') as organization, contact_id, epoch from ?
		where client_id = ? and portal_id = ? and key in (?)`,
		b.Belonging(), at.ClientID, at.PortalID, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load belongings: %w", err)
	}
	out := make(map[string]Belonging, len(rows))
	for _, r := range rows {
		out[r.Key] = Belonging{r.Organization, r.ContactID, r.Epoch}
	}
	return out, nil
}

// Save stores belongings by member, within tx.
func (b *belongings) Save(ctx context.Context, tx bun.Tx, at ledger.Place, all map[string]Belonging) error {
	if len(all) == 0 {
		return nil
	}
	type row struct {
		bun.BaseModel `bun:"table:belongings"`

		ClientID     string  `bun:"client_id,type:uuid"`
		PortalID     int64   `bun:"portal_id"`
		Key          string  `bun:"key,type:uuid"`
		Organization *string `bun:"organization,type:uuid"`
		ContactID    string  `bun:"contact_id"`
		Epoch        int64   `bun:"epoch"`
	}
	rows := make([]row, 0, len(all))
	for _, key := range slices.Sorted(maps.Keys(all)) {
		is := all[key]
		r := row{ClientID: at.ClientID, PortalID: at.PortalID, Key: key, ContactID: is.ContactID, Epoch: is.Epoch}
		if is.Organization != "" {
			r.Organization = &is.Organization
		}
		rows = append(rows, r)
	}
	_, err := tx.NewInsert().Model(&rows).ModelTableExpr("?", b.Belonging()).
		On("conflict (client_id, portal_id, key) do update").
		Set("organization = excluded.organization, contact_id = excluded.contact_id, epoch = excluded.epoch").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save belongings: %w", err)
	}
	return nil
}

// forget drops what is stored of members, within tx.
func (b *belongings) forget(ctx context.Context, tx bun.Tx, at ledger.Place, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and key in (?)`,
		b.Belonging(), at.ClientID, at.PortalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget belongings: %w", err)
	}
	return nil
}

// unsettle makes the next pass of members append their association, within tx.
func (b *belongings) unsettle(ctx context.Context, tx bun.Tx, at ledger.Place, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`update ? set contact_id = '' where client_id = ? and portal_id = ? and key in (?)`,
		b.Belonging(), at.ClientID, at.PortalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: unsettle belongings: %w", err)
	}
	return nil
}

// Inherit gives what is known of members' associations to those whose contact
// it is from now on, within tx; heirs are by the members that had it. Pairs of
// ours stay ours, and are looked at again.
func (s *Carrier) Inherit(ctx context.Context, tx bun.Tx, at ledger.Place, heirs map[string]string) error {
	for _, from := range slices.Sorted(maps.Keys(heirs)) {
		to := heirs[from]
		_, err := tx.NewRaw(`with had as (delete from ?0 where client_id = ?2 and portal_id = ?3 and key = ?4 returning *),
				pairs as (insert into ?0 (client_id, portal_id, key, company_id, contact_id, company_key, ours, updated_at)
					select client_id, portal_id, ?5::uuid, company_id, contact_id, company_key, ours, updated_at from had
					on conflict (client_id, portal_id, key, company_id) do nothing),
				was as (delete from ?1 where client_id = ?2 and portal_id = ?3 and key = ?4 returning organization)
			insert into ?1 (client_id, portal_id, key, organization, contact_id, epoch) select ?2::uuid, ?3, ?5::uuid, organization, '', 0 from was
				on conflict (client_id, portal_id, key) do update set contact_id = ''`,
			s.pairs.Association(), s.Belongings.Belonging(), at.ClientID, at.PortalID, from, to).Exec(ctx)
		if err != nil {
			return fmt.Errorf("crmsync: inherit associations: %w", err)
		}
	}
	return nil
}

// Unsettle makes the next pass of everybody whose association has failed or is
// on its way append it again, within tx.
func (b *belongings) Unsettle(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	_, err := b.db.NewRaw(`update ? b set contact_id = '' from ? r where b.client_id = ? and b.portal_id = ? and r.client_id = b.client_id and r.portal_id = b.portal_id
			and r.entity_type = ? and r.entity_id = b.key and r.sync_status in (?, ?)`,
		b.Belonging(), b.Record(), at.ClientID, at.PortalID, kinds.EntityAssociation, integration.SyncFailed, integration.SyncPending).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: unsettle belongings: %w", err)
	}
	return nil
}

// Members lists who is in one of the organizations.
func (b *belongings) Members(ctx context.Context, tx bun.Tx, at ledger.Place, organizations []string) ([]string, error) {
	var keys []string
	err := tx.NewRaw(`select key::text from ? where client_id = ? and portal_id = ? and organization in (?) order by key`,
		b.Belonging(), at.ClientID, at.PortalID, bun.List(organizations)).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list an organization's members: %w", err)
	}
	return keys, nil
}
