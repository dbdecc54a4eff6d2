package crmsync

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// belonging is which organization a member is in, as it was last seen for its
// contact.
type belonging struct {
	organization string // "" = none
	contactID    string
	epoch        int64
}

// belongings is the store of them. It says whose association must be looked at,
// and which members an organization's company concerns.
type belongings struct {
	db *bun.DB
	tables
}

// load returns what is stored of members, by key.
func (b *belongings) load(ctx context.Context, db bun.IDB, at place, keys []string) (map[string]belonging, error) {
	var rows []struct {
		Key          string `bun:"key"`
		Organization string `bun:"organization"`
		ContactID    string `bun:"contact_id"`
		Epoch        int64  `bun:"epoch"`
	}
	err := db.NewRaw(`select key::text, coalesce(organization::text, '') as organization, contact_id, epoch from ?
		where client_id = ? and portal_id = ? and key in (?)`,
		b.belonging(), at.clientID, at.portalID, bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load belongings: %w", err)
	}
	out := make(map[string]belonging, len(rows))
	for _, r := range rows {
		out[r.Key] = belonging{r.Organization, r.ContactID, r.Epoch}
	}
	return out, nil
}

// save stores belongings by member, within tx.
func (b *belongings) save(ctx context.Context, tx bun.Tx, at place, all map[string]belonging) error {
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
		r := row{ClientID: at.clientID, PortalID: at.portalID, Key: key, ContactID: is.contactID, Epoch: is.epoch}
		if is.organization != "" {
			r.Organization = &is.organization
		}
		rows = append(rows, r)
	}
	_, err := tx.NewInsert().Model(&rows).ModelTableExpr("?", b.belonging()).
		On("conflict (client_id, portal_id, key) do update").
		Set("organization = excluded.organization, contact_id = excluded.contact_id, epoch = excluded.epoch").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save belongings: %w", err)
	}
	return nil
}

// forget drops what is stored of members, within tx.
func (b *belongings) forget(ctx context.Context, tx bun.Tx, at place, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and key in (?)`,
		b.belonging(), at.clientID, at.portalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: forget belongings: %w", err)
	}
	return nil
}

// unsettle makes the next pass of members append their association, within tx.
func (b *belongings) unsettle(ctx context.Context, tx bun.Tx, at place, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`update ? set contact_id = '' where client_id = ? and portal_id = ? and key in (?)`,
		b.belonging(), at.clientID, at.portalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: unsettle belongings: %w", err)
	}
	return nil
}

// members lists who is in one of the organizations.
func (b *belongings) members(ctx context.Context, tx bun.Tx, at place, organizations []string) ([]string, error) {
	var keys []string
	err := tx.NewRaw(`select key::text from ? where client_id = ? and portal_id = ? and organization in (?) order by key`,
		b.belonging(), at.clientID, at.portalID, bun.List(organizations)).Scan(ctx, &keys)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list an organization's members: %w", err)
	}
	return keys, nil
}

// belong appends the associations of the pass's members that are in another
// organization, or have another contact, than was last seen.
func (p *pass) belong(ctx context.Context, tx bun.Tx) error {
	if p.road.kind != kindMember || !p.portal.options.associated() {
		return nil
	}
	is, lanes := map[string]belonging{}, map[string]outbox.Lane{}
	for _, w := range p.works {
		if w.who.key != "" && !w.gone && w.link.HubSpotID != "" && !w.link.Lost {
			is[w.d.Key] = belonging{w.who.organization, w.link.HubSpotID, p.portal.epoch}
			lanes[w.d.Key] = w.d.Lane
		}
	}
	if len(is) == 0 {
		return nil
	}
	was, err := p.s.belongings.load(ctx, tx, p.portal.place, slices.Collect(maps.Keys(is)))
	if err != nil {
		return err
	}
	var entries []outbox.Entry
	for _, key := range slices.Sorted(maps.Keys(is)) {
		before, known := was[key]
		if !known && is[key].organization == "" || known && before == is[key] {
			delete(is, key)
			continue
		}
		entries = append(entries, outbox.Entry{Tenant: p.batch.Tenant, Lane: lanes[key], Kind: kindAssociation, Key: key})
	}
	if err := p.s.belongings.save(ctx, tx, p.portal.place, is); err != nil {
		return err
	}
	return p.s.outbox.Append(ctx, tx, entries...)
}

// rejoin appends the associations of everybody in organizations whose company
// has come, moved or gone in this pass.
func (p *pass) rejoin(ctx context.Context, tx bun.Tx) error {
	moved := p.moved()
	if len(moved) == 0 {
		return nil
	}
	members, err := p.s.belongings.members(ctx, tx, p.portal.place, moved)
	if err != nil {
		return err
	}
	lane := p.batch.Deliveries[0].Lane
	if len(members) > manyMembers {
		lane = outbox.LaneBackfill // they must not hold up the changes of others
	}
	for page := range slices.Chunk(members, backfillPage) {
		entries := liveEntries(p.batch.Tenant, kindAssociation, page)
		for i := range entries {
			entries[i].Lane = lane
		}
		if err := p.s.outbox.Append(ctx, tx, entries...); err != nil {
			return err
		}
	}
	return nil
}

// moved are the organizations whose company has come, moved or gone in this
// pass, if that matters to anybody's association.
func (p *pass) moved() []string {
	if p.road.kind != kindOrganization || !p.portal.options.associated() {
		return nil
	}
	var moved []string
	for _, w := range p.works {
		if w.link.HubSpotID != w.prior.HubSpotID || w.link.Lost != w.prior.Lost {
			moved = append(moved, w.d.Key)
		}
	}
	return moved
}

// manyMembers is from where an organization's members are no live change.
const manyMembers = 100

// lock makes settlements that hold it follow one another: one that has found
// no company of an organization, and one that has just made it, must not miss
// each other.
func (c *Connections) lock(ctx context.Context, tx bun.IConn, clientID string) error {
	_, err := c.db.NewRaw(`select 1 from ? where client_id = ? for update`, c.connection(), clientID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: lock the connection: %w", err)
	}
	return nil
}

// organizationOf is the organization that a member is in, "" for none. One
// whose id breaks the contract cannot have a company.
func organizationOf(m integration.Member) string {
	if id := strings.ToLower(m.OrganizationID); integration.ValidUUID(id) {
		return id
	}
	return ""
}
