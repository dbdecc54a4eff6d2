package crmsync

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The properties of a note
// (https://developers.hubspot.com/docs/api-reference/latest/crm/activities/notes/guide).
const (
	propNoteTime = "hs_timestamp"
	propNoteBody = "hs_note_body"
)

// noteVersion is part of every note's fingerprint: a release that words them
// otherwise writes those of tickets once more.
const noteVersion = "note/1"

// noting is one batch of notes on its way.
type noting struct {
	*outing
	s      *noteCarrier
	entity string
	keyed  bool  // HubSpot lets notes have a key
	keyOff error // it did, and now refuses the key
	zone   *time.Location
	jots   []*jot
}

// carryNotes takes a batch to its notes. gather reads what they are about; the
// error means that nothing may be settled.
func (s *noteCarrier) carryNotes(ctx context.Context, b outbox.Batch, portal *Portal, gather func(context.Context, *noting) error) (result, error) {
	n := &noting{s: s, outing: &outing{base: s.base, batch: b, portal: portal}, entity: entityActivity}
	if b.Kind == kindTicket {
		n.entity = entityNote
	}
	n.verify(ctx)
	if n.ended() || !n.findNoteKey(ctx) {
		return n.left(), n.lost
	}
	if s.calendar != nil {
		var err error
		if n.zone, err = s.calendar.TimeZone(ctx, b.Tenant); err != nil {
			s.log.Warn("the tenant's time zone could not be read", "client_id", b.Tenant, "error", err)
			return same(b, outbox.Retry(classTransient, string(codeHost), 0)), nil
		}
	}
	if err := gather(ctx, n); err != nil {
		return result{}, err
	}
	if err := n.plan(ctx); err != nil {
		return result{}, err
	}
	portal.begin(b)
	n.run(ctx)
	return n.result(), n.lost
}

// left is the result of a batch for whose notes nothing was done.
func (n *noting) left() result {
	r := same(n.batch, outbox.Snooze())
	if n.stop == nil {
		r = same(n.batch, outbox.Retry(classTransient, string(codeNoteUnsure), noteKeyRest))
	}
	r.stop = n.stop
	return r
}

// plan loads what is known of the notes and decides what each needs.
func (n *noting) plan(ctx context.Context) error {
	rows, err := n.s.ledger.load(ctx, n.portal.place, n.batch.Kind, n.keys())
	if err != nil {
		return err
	}
	members := make([]string, len(n.jots))
	for i, j := range n.jots {
		members[i] = j.who
	}
	to, err := n.addressees(ctx, members, n.batch.Kind == kindActivity && n.portal.options.activityOnCompany)
	if err != nil {
		return err
	}
	now := n.s.now()
	for _, j := range n.jots {
		if j.outcome.Verdict != outbox.VerdictMissing {
			j.prior = rows[j.d.Key]
			j.row = j.prior
			continue
		}
		ref := j.d.Key
		if n.keyed {
			ref = ""
		}
		j.prior, j.to = rows[j.d.Key], to[j.who]
		j.props[propNoteBody] = j.write(ref)
		j.print = fingerprint(noteVersion, j.d.Key, "", n.portal.epoch, j.props)
		j.plan(now, n.portal.doubtful(j.d))
	}
	return nil
}

// in returns the notes that stand at a step.
func (n *noting) in(s noteStep) []*jot {
	var out []*jot
	for _, j := range n.jots {
		if j.step == s {
			out = append(out, j)
		}
	}
	return out
}

// run takes every note as far as it goes.
func (n *noting) run(ctx context.Context) {
	n.seek(ctx, n.in(noteSeek))
	n.make(ctx, n.in(noteMake))
	n.update(ctx, n.in(noteUpdate))
	n.associate(ctx, n.in(noteAssociate))
	n.accompany(ctx, n.in(noteAccompany))
	n.check(ctx, n.in(noteCheck))
	n.leave(ctx, n.in(noteLeave))
	n.erase(ctx, n.in(noteErase))
	for _, j := range n.jots {
		j.finish(n.stop)
	}
}

// result is what the outing has learnt.
func (n *noting) result() result {
	r := result{stop: n.stop, outcomes: make([]outbox.Outcome, len(n.jots))}
	for i, j := range n.jots {
		r.outcomes[i] = j.outcome
		r.records = append(r.records, entry{entity: n.entity, key: j.d.Key, hubspotID: j.row.NoteID, record: j.record})
	}
	r.apply = append(r.apply, n.apply)
	return r
}

// apply writes what is known of the notes within Settle's transaction.
func (n *noting) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	s, at, kind := n.s, n.portal.place, n.batch.Kind
	var rows []noteRow
	var drop, stale, due []string
	var ids []integration.CRMID
	for _, j := range n.jots {
		if j.stale {
			stale = append(stale, j.who)
		}
		if j.to.due && j.outcome.Verdict == outbox.VerdictWait {
			due = append(due, j.who)
		}
		switch {
		case j.forget && j.prior.State != "":
			drop = append(drop, j.d.Key)
		case j.row.State != "" && !j.forget && !sameNote(j.row, j.prior):
			rows = append(rows, j.row)
		}
		if id := j.crmID(); kind == kindTicket && id != j.known {
			ids = append(ids, integration.CRMID{Ref: integration.Ref{Kind: integration.KindTicket, Key: j.d.Key}, ID: id})
		}
	}
	if err := s.ledger.save(ctx, tx, at, kind, rows, now); err != nil {
		return err
	}
	if err := s.ledger.drop(ctx, tx, at, kind, drop); err != nil {
		return err
	}
	if n.keyOff != nil {
		if err := s.connections.setNoteKey(ctx, tx, at, ""); err != nil {
			return err
		}
	}
	if err := s.tellHost(ctx, tx, at.clientID, ids); err != nil {
		return err
	}
	if err := s.links.forgetFingerprints(ctx, tx, at, kindMember, union(stale, nil)); err != nil {
		return err
	}
	if more := union(stale, due); len(more) > 0 {
		return s.outbox.Append(ctx, tx, liveEntries(at.clientID, kindMember, more)...)
	}
	return nil
}

// The calls. Each moves its notes on to their next step.

func (n *noting) make(ctx context.Context, jots []*jot) {
	if len(jots) == 0 || !n.announce(ctx, jots) {
		return
	}
	write(ctx, n.outing, jots, func(ctx context.Context, js []*jot) (hubspot.WriteResult, error) {
		if n.keyed {
			return n.upsert(ctx, js)
		}
		inputs := make([]hubspot.CreateInput, len(js))
		for i, j := range js {
			inputs[i] = j.input()
		}
		return n.portal.client.BatchCreate(ctx, hubspot.Notes, inputs)
	}, n.made)
	for _, j := range jots {
		if n.keyOff != nil && j.row.NoteID == "" {
			j.put(codeNoteUnsure, 0)
		}
	}
}

func (n *noting) made(j *jot, r hubspot.InputResult) {
	switch {
	case r.Err == nil:
		j.found(r.Record.ID)
		j.written()
		j.onContact = !n.keyed // a create associates at once
		j.arrive()
	case r.Err.Code == hubspot.CodeInvalidObjects:
		j.displaced()
	default:
		n.settleFailure(j, readFailure(r.Err))
	}
}

// announce notes what calls are about to be made for notes. It reports false if
// none may be.
func (n *noting) announce(ctx context.Context, jots []*jot) bool {
	if n.ended() {
		return false
	}
	var rows []noteRow
	for _, j := range jots {
		if j.stay(n.keyed) {
			rows = append(rows, j.row)
		}
	}
	if n.lost = n.s.ledger.save(ctx, n.s.db, n.portal.place, n.batch.Kind, rows, n.s.now()); n.lost != nil {
		return false
	}
	for _, j := range jots {
		j.prior = j.row
	}
	return true
}

func (n *noting) update(ctx context.Context, jots []*jot) {
	write(ctx, n.outing, jots, func(ctx context.Context, js []*jot) (hubspot.WriteResult, error) {
		inputs := make([]hubspot.Input, len(js))
		for i, j := range js {
			inputs[i] = hubspot.Input{ID: j.row.NoteID, Properties: j.wanted(n.keyed)}
		}
		return n.portal.client.BatchUpdate(ctx, hubspot.Notes, inputs)
	}, func(j *jot, r hubspot.InputResult) {
		switch {
		case r.Err == nil && r.Record.ID == j.row.NoteID:
			j.written()
			j.arrive()
		case r.Err == nil:
			j.fail(failure{code: codeUnconfirmed, unknown: true})
		case hubspot.IsNotFound(r.Err):
			j.gone()
		default:
			n.settleFailure(j, readFailure(r.Err))
		}
	})
}

// settleFailure settles a note that HubSpot refused, or stops the outing if the
// reason concerns the whole tenant.
func (n *noting) settleFailure(j *jot, f failure) {
	if f.tenant {
		n.stop = &f
		return
	}
	j.fail(f)
}
