package crmsync

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/inspect"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// TagBoard implements [integration.Tagger]. It reads our tables alone.
func (s *Syncer) TagBoard(ctx context.Context, clientID string) (integration.TagBoard, error) {
	opts := s.optionsOn(ctx, clientID)
	board := integration.TagBoard{On: opts.Tags && opts.Contacts}
	refill := false
	snapshot := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	err := s.DB.RunInTx(ctx, snapshot, func(ctx context.Context, tx bun.Tx) error {
		conn, err := s.Connections.Get(ctx, tx, clientID)
		if err != nil {
			return err
		}
		at := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}
		gate, err := s.tags.gate(ctx, tx, at)
		if err != nil {
			return err
		}
		counts, err := s.tags.counts(ctx, tx, at)
		if err != nil {
			return err
		}
		refill = gate.refill
		board.Gate = integration.TagGate{Open: gate.open && !gate.refill, Reason: gate.reason, Gains: map[string]int{}, History: map[string]int{}, Members: counts.members}
		board.Recipes = recipes(opts, s.inPortal(ctx, clientID, gate.at))
		for _, t := range tagging.Catalog() {
			c := counts.by[t.Slug]
			board.Tags = append(board.Tags, integration.TagCount{Tag: t.Slug, Label: t.Label, Family: string(t.Family),
				Should: c.Sent + c.Gate, Sent: c.Sent, Waiting: c.Gate, Property: opts.TagTarget(t.Family),
				List: opts.ListMode(t.Slug), LastChange: c.LastChange})
			if c.Gate > 0 {
				board.Gate.Gains[t.Slug] = c.Gate
			}
			if c.History > 0 {
				board.Gate.History[t.Slug] = c.History
			}
		}
		return nil
	})
	if err != nil {
		return integration.TagBoard{}, inspect.StoreFault(err)
	}
	if board.Gate.Ready, err = s.everybodyLookedAt(ctx, clientID); err != nil {
		return integration.TagBoard{}, err
	}
	if board.Gate.Ready && len(board.Gate.Gains) == 0 && !refill {
		board.Gate.Open = true // there is nothing to ask; the gate itself stays as it is, for what may be found later
	}
	return board, nil
}

// everybodyLookedAt reports whether no full sync is under way: what the ledger
// counts is then the whole membership. What has just changed goes out without
// the admin's word, so it is not waited for.
func (s *Syncer) everybodyLookedAt(ctx context.Context, clientID string) (bool, error) {
	backlog, err := s.Outbox.Backlog(ctx, clientID)
	if err != nil {
		return false, inspect.StoreFault(err)
	}
	run, found, err := s.runs.last(ctx, s.DB, clientID)
	if err != nil {
		return false, inspect.StoreFault(err)
	}
	return (!found || run.FinishedAt != nil) && backlog.Backfill == 0, nil
}

// inPortal is a moment in the portal's time zone, by which HubSpot's filters tell
// days apart; in the tenant's as long as nothing has asked the portal.
func (s *Syncer) inPortal(ctx context.Context, clientID string, t time.Time) time.Time {
	if l, ok := s.portals.Peek(clientID); ok {
		if zone := l.Client.TimeZone(); zone != nil {
			return t.In(zone)
		}
	}
	if s.Calendar != nil {
		if zone, err := s.Calendar.TimeZone(ctx, clientID); err == nil {
			return t.In(zone)
		}
	}
	return t.UTC()
}

// ConfirmTags implements [integration.Tagger]: the gate opens, and everybody
// whose tags waited is looked at again.
func (s *Syncer) ConfirmTags(ctx context.Context, tx *sql.Tx, clientID string, history bool) error {
	conn, err := s.Connections.Get(ctx, tx, clientID)
	if err != nil {
		return inspect.StoreFault(err)
	}
	if !conn.Connected {
		return integration.ErrNotConnected
	}
	at, now := ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, s.Now()
	gate, err := s.tags.gate(ctx, tx, at)
	if err != nil {
		return inspect.StoreFault(err)
	}
	opts := s.optionsOn(ctx, clientID)
	if (!opts.Tags || !opts.Contacts) && !gate.refill {
		return &integration.Error{Kind: integration.Conflict, Title: "Tags are switched off.", Detail: "Nothing was changed.",
			Fix: "Turn on Sync Contacts and Tags and save, then confirm."}
	}
	ready, err := s.everybodyLookedAt(ctx, clientID)
	if err != nil {
		return err
	}
	if !ready {
		return &integration.Error{Kind: integration.Conflict, Title: "Not everybody has been looked at yet.",
			Detail: "The numbers are not final, so you would confirm something else than what is shown. Nothing was changed.",
			Fix:    "Wait until the full sync is done; the page shows its progress."}
	}
	if err := s.tags.unlock(ctx, tx, at, history, now); err != nil {
		return inspect.StoreFault(err)
	}
	if err := s.lists.LookAt(ctx, tx, clientID, opts); err != nil { // of tags that go to another property now
		return err
	}
	e := errand{kinds: []string{kinds.Member}, reason: runTags}
	if gate.refill {
		if err := s.Connections.RaiseEpoch(ctx, tx, clientID); err != nil {
			return inspect.StoreFault(err)
		}
		e = errand{kinds: opts.Walked(), reason: runRefill}
	}
	return s.startRun(ctx, tx, clientID, e, now)
}

// MemberTags implements [integration.Tagger].
func (s *Syncer) MemberTags(ctx context.Context, clientID, memberID string) ([]integration.MemberTag, error) {
	if !integration.ValidUUID(memberID) {
		return nil, integration.ErrNotFound
	}
	m, err := s.member(ctx, clientID, memberID)
	if err != nil {
		return nil, err
	}
	conn, err := s.Connections.Get(ctx, s.DB, clientID)
	if err != nil {
		return nil, inspect.StoreFault(err)
	}
	hands, err := s.hands.Load(ctx, s.DB, clientID, []string{memberID})
	if err != nil {
		return nil, inspect.StoreFault(err)
	}
	rows, err := s.tags.load(ctx, s.DB, ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, []string{memberID})
	if err != nil {
		return nil, inspect.StoreFault(err)
	}
	var out []integration.MemberTag
	for _, state := range tagging.Compute(m, hands[memberID]) {
		row := rows[memberID][state.Tag]
		if !state.On && !row.Sent {
			continue
		}
		t, _ := tagging.Find(state.Tag)
		out = append(out, integration.MemberTag{Tag: state.Tag, Label: t.Label, Since: pointerTo(state.Since), LastAt: pointerTo(state.LastAt),
			Cause: state.Cause, Sent: row.Sent, Held: row.Held != "", ByHand: state.ByHand})
	}
	return out, nil
}

// member loads one member of the host's; ErrNotFound if there is none.
func (s *Syncer) member(ctx context.Context, clientID, memberID string) (integration.Member, error) {
	loaded, err := s.Source.Load(ctx, clientID, []integration.Ref{{Kind: integration.KindMember, Key: memberID}})
	if err != nil || len(loaded) != 1 || loaded[0].Err != nil {
		return integration.Member{}, inspect.StoreFault(fmt.Errorf("crmsync: load member: %w", err))
	}
	m, ok := loaded[0].Entity.(integration.Member)
	if loaded[0].Gone || !ok {
		return integration.Member{}, integration.ErrNotFound
	}
	return m, nil
}

// aheadOfClock is how far the time of a hand may lie in the future: a later one
// would win over everything that happens until then.
const aheadOfClock = time.Minute

// SetTag implements [integration.Tagger]: the hand and the change of the member
// are recorded in one transaction.
func (s *Syncer) SetTag(ctx context.Context, tx *sql.Tx, clientID string, c integration.TagChange) error {
	if !integration.ValidUUID(c.MemberID) {
		return integration.ErrNotFound
	}
	if c.OccurredAt.After(s.Now().Add(aheadOfClock)) {
		return &integration.Error{Kind: integration.Invalid, Title: "The tag was not set.", Detail: "The time lies in the future. Nothing was changed.",
			Fields: integration.FieldErrors{"occurredAt": {"The time lies in the future."}}}
	}
	if _, err := s.member(ctx, clientID, c.MemberID); err != nil {
		return err
	}
	if err := s.hands.Set(ctx, tx, clientID, c.MemberID, tagging.Hand{Tag: c.Tag, Applied: c.Applied, Cause: c.Cause, By: c.By, OccurredAt: c.OccurredAt}); err != nil {
		return err
	}
	if err := s.Outbox.AppendSQL(ctx, tx, outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kinds.Member, Key: c.MemberID}); err != nil {
		return inspect.StoreFault(err)
	}
	return nil
}

// tagCounts counts a tenant's tags as the ledger has them.
type tagCounts struct {
	by      map[string]tagCount
	members int // who gain a tag when the gate opens
}

type tagCount struct {
	Tag        string     `bun:"tag"`
	Sent       int        `bun:"sent"`
	Gate       int        `bun:"gate"`
	History    int        `bun:"history"`
	LastChange *time.Time `bun:"last_change"`
}

func (l *tagLedger) counts(ctx context.Context, db bun.IConn, at ledger.Place) (tagCounts, error) {
	out := tagCounts{by: map[string]tagCount{}}
	var rows []tagCount
	err := l.db.NewRaw(`select tag, count(*) filter (where sent) as sent, count(*) filter (where held = 'gate') as gate,
			count(*) filter (where held = 'history') as history, max(changed_at) as last_change
		from ? where client_id = ? and portal_id = ? group by tag`, l.Tag(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return tagCounts{}, fmt.Errorf("crmsync: count tags: %w", err)
	}
	for _, r := range rows {
		out.by[r.Tag] = r
	}
	err = l.db.NewRaw(`select count(distinct member_id) from ? where client_id = ? and portal_id = ? and held = 'gate'`,
		l.Tag(), at.ClientID, at.PortalID).Conn(db).Scan(ctx, &out.members)
	if err != nil {
		return tagCounts{}, fmt.Errorf("crmsync: count tagged members: %w", err)
	}
	return out, nil
}
