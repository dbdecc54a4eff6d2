package matching

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/likeness"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// store is what is known of organizations without a company: what was found for
// them, and what was decided.
type store struct {
	db *bun.DB
	ledger.Tables
}

// Row is an organization that is compared with the portal's companies.
type Row struct {
	Key        string          `bun:"key"`
	Name       string          `bun:"name"`
	Domain     string          `bun:"domain"`
	Searched   bool            `bun:"searched"`
	Candidates json.RawMessage `bun:"candidates,type:jsonb"`
	Suggested  string          `bun:"suggested"`
	Whole      bool            `bun:"whole"` // all that are like it were looked at
	Decided    bool            `bun:"decided"`
	Decision   string          `bun:"decision"` // a company's id, "" = create one
}

const columns = `key::text, name, domain, searched, candidates, suggested, whole, decision is not null as decided, coalesce(decision, '') as decision`

func (r Row) candidates() []integration.MatchCandidate {
	var out []integration.MatchCandidate
	if json.Unmarshal(r.Candidates, &out) != nil {
		return nil // written by us alone
	}
	return out
}

// same reports whether nothing has been found or decided since.
func (r Row) same(now Row) bool {
	return r.Searched == now.Searched && r.Decided == now.Decided && r.Decision == now.Decision
}

// load returns the rows of organizations, by key; locked for tx if asked.
func (m *store) load(ctx context.Context, db bun.IConn, at ledger.Place, keys []string, lock bool) (map[string]Row, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	how := bun.Safe("")
	if lock {
		how = "for update"
	}
	var rows []Row
	err := m.db.NewRaw(`select `+columns+` from ? where client_id = ? and portal_id = ? and key in (?) order by key ?`,
		m.Match(), at.ClientID, at.PortalID, bun.List(keys), how).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: load matches: %w", err)
	}
	out := make(map[string]Row, len(rows))
	for _, r := range rows {
		out[r.Key] = r
	}
	return out, nil
}

// seek has organizations looked for, as they are called now, within tx.
func (m *store) seek(ctx context.Context, tx bun.Tx, at ledger.Place, all []likeness.Organization, now time.Time) error {
	if len(all) == 0 {
		return nil
	}
	keys, names, domains := make([]string, len(all)), make([]string, len(all)), make([]string, len(all))
	for i, l := range all {
		keys[i], names[i], domains[i] = l.Key, l.Name, l.Domain
	}
	_, err := tx.NewRaw(`insert into ? (client_id, portal_id, key, name, domain, created_at)
		select ?::uuid, ?, v.key, v.name, v.domain, ? from unnest(?::uuid[], ?::text[], ?::text[]) as v (key, name, domain) order by v.key
		on conflict (client_id, portal_id, key) do update set name = excluded.name, domain = excluded.domain, searched = false,
			candidates = '[]', suggested = '', whole = true, decision = null, decided_at = null`,
		m.Match(), at.ClientID, at.PortalID, now, pgdialect.Array(keys), pgdialect.Array(names), pgdialect.Array(domains)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: seek matches: %w", err)
	}
	return nil
}

// finding is what a search found for an organization, and the candidate to
// preselect. It is not whole if the portal has more like it than were looked at.
type finding struct {
	list      []integration.MatchCandidate
	suggested string
	whole     bool
}

// found stores what was found for an organization that is still called as it
// was looked for; if there certainly is nothing, a company is created.
func (m *store) found(ctx context.Context, tx bun.Tx, at ledger.Place, l likeness.Organization, f finding, now time.Time) error {
	raw, err := json.Marshal(append([]integration.MatchCandidate{}, f.list...))
	if err != nil {
		return fmt.Errorf("crmsync: encode candidates: %w", err)
	}
	var decision *string
	var decidedAt *time.Time
	if len(f.list) == 0 && f.whole {
		decision, decidedAt = new(string), &now
	}
	_, err = tx.NewRaw(`update ? set searched = true, candidates = ?::jsonb, suggested = ?, whole = ?, decision = ?, decided_at = ?
		where client_id = ? and portal_id = ? and key = ? and name = ? and domain = ? and not searched`,
		m.Match(), string(raw), f.suggested, f.whole, decision, decidedAt, at.ClientID, at.PortalID, l.Key, l.Name, l.Domain).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: store matches: %w", err)
	}
	return nil
}

// decide stores an admin's word within tx.
func (m *store) decide(ctx context.Context, tx bun.IConn, at ledger.Place, d integration.MatchDecision, now time.Time) error {
	_, err := m.db.NewRaw(`update ? set decision = ?, decided_at = ? where client_id = ? and portal_id = ? and key = ?`,
		m.Match(), d.CompanyID, now, at.ClientID, at.PortalID, d.OrganizationID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: store decision: %w", err)
	}
	return nil
}

// end drops the rows of organizations that have their company, or need none.
func (m *store) end(ctx context.Context, tx bun.Tx, at ledger.Place, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.NewRaw(`delete from ? where client_id = ? and portal_id = ? and key in (?)`,
		m.Match(), at.ClientID, at.PortalID, bun.List(keys)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: end matches: %w", err)
	}
	return nil
}

// chosen tells, of companies, which organization each was chosen for.
func (m *store) chosen(ctx context.Context, db bun.IConn, at ledger.Place, companies []string) (map[string]string, error) {
	out := map[string]string{}
	if len(companies) == 0 {
		return out, nil
	}
	var rows []Row
	err := m.db.NewRaw(`select `+columns+` from ? where client_id = ? and portal_id = ? and decision in (?)`,
		m.Match(), at.ClientID, at.PortalID, bun.List(companies)).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list chosen companies: %w", err)
	}
	for _, r := range rows {
		out[r.Decision] = r.Key
	}
	return out, nil
}

// list returns the rows that fit a condition, by name.
func (m *store) list(ctx context.Context, db bun.IConn, at ledger.Place, where string, limit int) ([]Row, error) {
	var rows []Row
	err := m.db.NewRaw(`select `+columns+` from ? where client_id = ? and portal_id = ? and `+where+` order by name, key limit ?`,
		m.Match(), at.ClientID, at.PortalID, limit).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list matches: %w", err)
	}
	return rows, nil
}

const (
	unsearched = `not searched`
	undecided  = `searched and decision is null`
)

// Counts are how many organizations are on their way through the matching,
// and how many wait for an admin since when.
type Counts struct {
	Underway  int          `bun:"underway"`
	Undecided int          `bun:"undecided"`
	Since     sql.NullTime `bun:"since"`
}

func (m *store) counts(ctx context.Context, db bun.IConn, at ledger.Place) (Counts, error) {
	var c Counts
	err := m.db.NewRaw(`select count(*) filter (where not (`+undecided+`) and r.code in (?)) as underway,
			count(*) filter (where `+undecided+`) as undecided, min(m.created_at) filter (where `+undecided+`) as since
		from ? m left join ? r on r.client_id = m.client_id and r.portal_id = m.portal_id and r.entity_type = ? and r.entity_id = m.key
		where m.client_id = ? and m.portal_id = ?`, bun.List([]verdict.Code{verdict.MatchSearch, verdict.MatchNeeded}), m.Match(), m.Record(), kinds.EntityCompany, at.ClientID, at.PortalID).Conn(db).Scan(ctx, &c)
	if err != nil {
		return Counts{}, fmt.Errorf("crmsync: count matches: %w", err)
	}
	return c, nil
}

// open starts the matching of a portal, once for each portal, within tx.
func (m *store) open(ctx context.Context, tx bun.IConn, at ledger.Place) error {
	_, err := m.db.NewRaw(`update ? set matching = true, matched_portal = portal_id where client_id = ? and portal_id = ? and matched_portal <> portal_id`,
		m.Connection(), at.ClientID, at.PortalID).Conn(tx).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: open matching: %w", err)
	}
	return nil
}

// close ends the matching of a tenant unless organizations are still to be
// walked over or decided.
func (m *store) close(ctx context.Context, at ledger.Place) error {
	_, err := m.db.NewRaw(`update ? c set matching = false where client_id = ? and portal_id = ? and matching
			and not exists (select 1 from ? r where r.client_id = c.client_id and r.finished_at is null and ? = any(r.kinds))
			and not exists (select 1 from ? m where m.client_id = c.client_id and m.portal_id = c.portal_id)`,
		m.Connection(), at.ClientID, at.PortalID, m.Run(), kinds.Organization, m.Match()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: close matching: %w", err)
	}
	return nil
}

// due lists the tenants whose matching is to be gone on with at now.
func (m *store) due(ctx context.Context, now time.Time) ([]string, error) {
	var ids []string
	err := m.db.NewRaw(`select client_id::text from ? c where connected and matching_due <= ?
			and (matching or exists (select 1 from ? m where m.client_id = c.client_id and m.portal_id = c.portal_id))
		order by matching_due limit 1000`, m.Connection(), now, m.Match()).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("crmsync: list matchings: %w", err)
	}
	return ids, nil
}

// take gives a tenant's matching to this process until a time; false if
// another one has it.
func (m *store) take(ctx context.Context, clientID string, now, until time.Time) (bool, error) {
	var one int
	err := m.db.NewRaw(`update ? set matching_due = ? where client_id = ? and matching_due <= ? returning 1`,
		m.Connection(), until, clientID, now).Scan(ctx, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("crmsync: take matching: %w", err)
	}
	return true, nil
}

// rest says when a tenant's matching is due again.
func (m *store) rest(ctx context.Context, clientID string, until time.Time) error {
	_, err := m.db.NewRaw(`update ? set matching_due = ? where client_id = ?`, m.Connection(), until, clientID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: rest matching: %w", err)
	}
	return nil
}

// Incidents ask an admin to decide.
func (c Counts) Incidents() []integration.Incident {
	if c.Undecided == 0 {
		return nil
	}
	t := words.Tell(verdict.MatchNeeded, kinds.EntityCompany, nil)
	return []integration.Incident{{Code: string(verdict.MatchNeeded), Title: t.Title, Meaning: t.Meaning, Fix: t.Fix, Action: t.Action,
		EntityType: kinds.EntityCompany, Count: c.Undecided, Since: c.Since.Time}}
}

// compared counts the organizations whose company is known or has been looked
// for.
func (m *store) compared(ctx context.Context, at ledger.Place) (int, error) {
	var n int
	err := m.db.NewRaw(`select count(*) from ? where client_id = ? and portal_id = ? and entity_type = ? and code <> ? and not gone`,
		m.Record(), at.ClientID, at.PortalID, kinds.EntityCompany, verdict.MatchSearch).Scan(ctx, &n)
	if err != nil {
		return 0, fmt.Errorf("crmsync: count compared organizations: %w", err)
	}
	return n, nil
}
