package notes

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
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
	*carry.Outing
	s      *Carrier
	entity string
	keyed  bool            // HubSpot lets notes have a key
	keyOff error           // it did, and now refuses the key
	rests  verdict.Failure // why it is not known yet whether they have one
	zone   *time.Location
	jots   []*jot
}

// carryNotes takes a batch to its notes. gather reads what they are about; the
// error means that nothing may be settled.
func (s *Carrier) carryNotes(ctx context.Context, b outbox.Batch, portal *carry.Portal, gather func(context.Context, *noting) error) (carry.Result, error) {
	n := &noting{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}, entity: kinds.EntityActivity}
	if b.Kind == kinds.Ticket {
		n.entity = kinds.EntityNote
	}
	n.Verify(ctx)
	if n.Ended() || !n.findNoteKey(ctx) {
		return n.left(ctx)
	}
	if s.Calendar != nil {
		var err error
		if n.zone, err = s.Calendar.TimeZone(ctx, b.Tenant); err != nil {
			s.Log.Warn("the tenant's time zone could not be read", "client_id", b.Tenant, "error", err)
			return carry.Same(b, outbox.Retry(verdict.ClassTransient, string(verdict.Host), 0)), nil
		}
	}
	if err := gather(ctx, n); err != nil {
		return carry.Result{}, err
	}
	if err := n.plan(ctx); err != nil {
		return carry.Result{}, err
	}
	portal.Begin(b)
	n.run(ctx)
	return n.result(), n.Lost
}

// left is the result of a batch for whose notes nothing was done.
func (n *noting) left(ctx context.Context) (carry.Result, error) {
	if n.Lost != nil || n.Stop != nil {
		r := carry.Same(n.Batch, outbox.Snooze())
		r.Stop = n.Stop
		return r, n.Lost
	}
	rows, err := n.s.Ledger.load(ctx, n.Portal.Place, n.Batch.Kind, n.Keys())
	if err != nil {
		return carry.Result{}, err
	}
	r := carry.Same(n.Batch, outbox.Retry(verdict.ClassTransient, string(n.rests.Code), max(n.rests.After, n.s.keyRest)))
	for _, key := range n.Keys() {
		r.Records = append(r.Records, ledger.Entry{Entity: n.entity, Key: key, HubSpotID: rows[key].NoteID,
			Record: ledger.Record{Status: integration.SyncPending, Code: n.rests.Code, Detail: n.rests.Detail, Correlation: n.rests.Correlation}})
	}
	return r, nil
}

// plan loads what is known of the notes and decides what each needs.
func (n *noting) plan(ctx context.Context) error {
	rows, err := n.s.Ledger.load(ctx, n.Portal.Place, n.Batch.Kind, n.Keys())
	if err != nil {
		return err
	}
	members := make([]string, len(n.jots))
	for i, j := range n.jots {
		members[i] = j.who
	}
	to, err := n.Addressees(ctx, members, n.Batch.Kind == kinds.Activity && n.Portal.Options.ActivityOnCompany)
	if err != nil {
		return err
	}
	now := n.s.Now()
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
		j.print = carry.Fingerprint(noteVersion, j.d.Key, "", n.Portal.Epoch, j.props)
		j.plan(now, n.Portal.Doubtful(j.d))
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
		j.finish(n.Stop)
	}
}

// result is what the outing has learnt.
func (n *noting) result() carry.Result {
	r := carry.Result{Stop: n.Stop, Outcomes: make([]outbox.Outcome, len(n.jots))}
	for i, j := range n.jots {
		r.Outcomes[i] = j.outcome
		r.Records = append(r.Records, ledger.Entry{Entity: n.entity, Key: j.d.Key, HubSpotID: j.row.NoteID, Record: j.record})
	}
	r.Apply = append(r.Apply, n.apply)
	return r
}

// apply writes what is known of the notes within Settle's transaction.
func (n *noting) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	s, at, kind := n.s, n.Portal.Place, n.Batch.Kind
	var rows []noteRow
	var drop, stale, due []string
	var homeless []*jot
	var ids []integration.CRMID
	for _, j := range n.jots {
		if j.stale {
			stale = append(stale, j.who)
		}
		if j.to.Due && j.outcome.Verdict == outbox.VerdictWait {
			due = append(due, j.who)
		}
		switch {
		case j.forget && j.prior.State != "":
			drop = append(drop, j.d.Key)
		case j.row.State != "" && !j.forget && !sameNote(j.row, j.prior):
			rows = append(rows, j.row)
		}
		if j.homeless() {
			homeless = append(homeless, j)
		}
		if id := j.crmID(); kind == kinds.Ticket && id != j.known {
			ids = append(ids, integration.CRMID{Ref: integration.Ref{Kind: integration.KindTicket, Key: j.d.Key}, ID: id})
		}
	}
	if len(homeless) > 0 { // a link that appears meanwhile sees the row, or is seen here
		if err := s.Connections.Lock(ctx, tx, at.ClientID); err != nil {
			return err
		}
	}
	if err := s.Ledger.save(ctx, tx, at, kind, rows, now); err != nil {
		return err
	}
	if err := n.place(ctx, tx, homeless); err != nil {
		return err
	}
	if err := s.Ledger.drop(ctx, tx, at, kind, drop); err != nil {
		return err
	}
	if n.keyOff != nil {
		if err := s.Connections.SetNoteKey(ctx, tx, at, ""); err != nil {
			return err
		}
	}
	if err := s.TellHost(ctx, tx, at.ClientID, ids); err != nil {
		return err
	}
	if err := s.Links.ForgetFingerprints(ctx, tx, at, kinds.Member, values.Union(stale, nil)); err != nil {
		return err
	}
	if more := values.Union(stale, due); len(more) > 0 {
		return s.Outbox.Append(ctx, tx, carry.LiveEntries(at.ClientID, kinds.Member, more)...)
	}
	return nil
}

// The calls. Each moves its notes on to their next step.

func (n *noting) make(ctx context.Context, jots []*jot) {
	if len(jots) == 0 || !n.announce(ctx, jots) {
		return
	}
	carry.Write(ctx, n.Outing, jots, func(ctx context.Context, js []*jot) (hubspot.WriteResult, error) {
		if n.keyed {
			return n.upsert(ctx, js)
		}
		inputs := make([]hubspot.CreateInput, len(js))
		for i, j := range js {
			inputs[i] = j.input()
		}
		return n.Portal.Client.BatchCreate(ctx, hubspot.Notes, inputs)
	}, n.made)
	for _, j := range jots {
		if n.keyOff != nil && j.row.NoteID == "" {
			j.Put(verdict.NoteUnsure, 0)
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
		n.settleFailure(j, verdict.Read(r.Err))
	}
}

// announce notes what calls are about to be made for notes. It reports false if
// none may be.
func (n *noting) announce(ctx context.Context, jots []*jot) bool {
	if n.Ended() {
		return false
	}
	var rows []noteRow
	for _, j := range jots {
		if j.stay(n.keyed) {
			rows = append(rows, j.row)
		}
	}
	if n.Lost = n.s.Ledger.save(ctx, n.s.DB, n.Portal.Place, n.Batch.Kind, rows, n.s.Now()); n.Lost != nil {
		return false
	}
	for _, j := range jots {
		j.prior = j.row
	}
	return true
}

func (n *noting) update(ctx context.Context, jots []*jot) {
	carry.Write(ctx, n.Outing, jots, func(ctx context.Context, js []*jot) (hubspot.WriteResult, error) {
		inputs := make([]hubspot.Input, len(js))
		for i, j := range js {
			inputs[i] = hubspot.Input{ID: j.row.NoteID, Properties: j.wanted(n.keyed)}
		}
		return n.Portal.Client.BatchUpdate(ctx, hubspot.Notes, inputs)
	}, func(j *jot, r hubspot.InputResult) {
		switch {
		case r.Err == nil && r.Record.ID == j.row.NoteID:
			j.written()
			j.arrive()
		case r.Err == nil:
			j.Fail(verdict.Failure{Code: verdict.Unconfirmed, Unknown: true})
		case hubspot.IsNotFound(r.Err):
			j.gone()
		default:
			n.settleFailure(j, verdict.Read(r.Err))
		}
	})
}

// settleFailure settles a note that HubSpot refused, or stops the outing if the
// reason concerns the whole tenant.
func (n *noting) settleFailure(j *jot, f verdict.Failure) {
	if f.Tenant {
		n.Stop = &f
		return
	}
	j.Fail(f)
}
