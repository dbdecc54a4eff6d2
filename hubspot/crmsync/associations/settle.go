package associations

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// finish gives every member that is still under way an outcome.
func (p *binding) finish() {
	for _, t := range p.open() {
		switch {
		case p.Stop != nil:
			t.done, t.outcome = true, outbox.Snooze()
		case !t.read:
			t.Put(verdict.Conflict, 0)
		default:
			t.settle()
		}
	}
}

// result is what the pass has learnt.
func (p *binding) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.ties))}
	for i, t := range p.ties {
		r.Outcomes[i] = t.outcome
		r.Records = append(r.Records, ledger.Entry{Entity: kinds.EntityAssociation, Key: t.d.Key, HubSpotID: t.contactID, Record: t.record})
	}
	r.Apply = append(r.Apply, p.apply)
	return r
}

// apply writes what is known of the pairs within Settle's transaction.
func (p *binding) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	at := p.Portal.Place
	var known, ended []string
	pairs := map[string][]pair{}
	is := map[string]Belonging{}
	for _, t := range p.ties {
		if !t.read {
			continue
		}
		known, pairs[t.d.Key] = append(known, t.d.Key), t.pairs
		switch {
		case t.organization != "" || len(t.pairs) > 0:
			is[t.d.Key] = Belonging{t.organization, t.contactID, p.Portal.Epoch}
		case t.outcome.Verdict == outbox.VerdictDelivered:
			ended = append(ended, t.d.Key)
		}
	}
	if err := p.s.pairs.replace(ctx, tx, at, known, pairs, now); err != nil {
		return err
	}
	if err := p.s.Belongings.Save(ctx, tx, at, is); err != nil {
		return err
	}
	if err := p.s.Belongings.forget(ctx, tx, at, ended); err != nil {
		return err
	}
	if err := p.s.Belongings.unsettle(ctx, tx, at, p.unsettled); err != nil {
		return err
	}
	for _, t := range p.ties {
		if t.ended == "" {
			continue
		}
		if err := p.s.Records.End(ctx, tx, at, kinds.EntityAssociation, t.d.Key, t.ended, now); err != nil {
			return err
		}
	}
	if err := p.awaited(ctx, tx); err != nil {
		return err
	}
	return p.again(ctx, tx)
}

// awaited appends the members again whose organization has got its company, or
// another one, since this pass looked. The settlement of a company appends those that are
// stored as its members; the lock makes sure that one of the two sees the
// other.
func (p *binding) awaited(ctx context.Context, tx bun.Tx) error {
	var without []*tie
	for _, t := range p.ties {
		if t.record.Code == verdict.NoCompany || t.record.Code == verdict.InvalidPair {
			without = append(without, t)
		}
	}
	if len(without) == 0 {
		return nil
	}
	if err := p.s.Connections.Lock(ctx, tx, p.Batch.Tenant); err != nil {
		return err
	}
	companies, err := p.s.Links.LoadIn(ctx, tx, p.Portal.Place, kinds.Organization, p.organizations(without))
	if err != nil {
		return err
	}
	var keys []string
	for _, t := range without {
		if companies[t.organization].Live() != t.companyID {
			keys = append(keys, t.d.Key)
		}
	}
	return p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, kinds.Association, keys)...)
}

// again appends what must be looked at again, whether or not it has changed.
func (p *binding) again(ctx context.Context, tx bun.Tx) error {
	for _, kind := range []string{kinds.Organization, kinds.Member} {
		var keys []string
		for key := range p.looks[kind] {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if err := p.s.Links.ForgetFingerprints(ctx, tx, p.Portal.Place, kind, keys); err != nil {
			return err
		}
		if err := p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, kind, keys)...); err != nil {
			return err
		}
	}
	return nil
}
