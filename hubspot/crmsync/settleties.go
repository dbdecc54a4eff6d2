package crmsync

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// finish gives every member that is still under way an outcome.
func (p *binding) finish() {
	for _, t := range p.open() {
		switch {
		case p.stop != nil:
			t.done, t.outcome = true, outbox.Snooze()
		case !t.read:
			t.put(codeConflict, 0)
		default:
			t.settle()
		}
	}
}

// result is what the pass has learnt.
func (p *binding) result() result {
	r := result{stop: p.stop, outcomes: make([]outbox.Outcome, len(p.ties))}
	for i, t := range p.ties {
		r.outcomes[i] = t.outcome
		r.records = append(r.records, entry{entity: entityAssociation, key: t.d.Key, hubspotID: t.contactID, record: t.record})
	}
	r.apply = append(r.apply, p.apply)
	return r
}

// apply writes what is known of the pairs within Settle's transaction.
func (p *binding) apply(ctx context.Context, tx bun.Tx, now time.Time) error {
	at := p.portal.place
	var known, ended []string
	pairs := map[string][]pair{}
	is := map[string]belonging{}
	for _, t := range p.ties {
		if !t.read {
			continue
		}
		known, pairs[t.d.Key] = append(known, t.d.Key), t.pairs
		switch {
		case t.organization != "" || len(t.pairs) > 0:
			is[t.d.Key] = belonging{t.organization, t.contactID, p.portal.epoch}
		case t.outcome.Verdict == outbox.VerdictDelivered:
			ended = append(ended, t.d.Key)
		}
	}
	if err := p.s.pairs.replace(ctx, tx, at, known, pairs, now); err != nil {
		return err
	}
	if err := p.s.belongings.save(ctx, tx, at, is); err != nil {
		return err
	}
	if err := p.s.belongings.forget(ctx, tx, at, ended); err != nil {
		return err
	}
	if err := p.s.belongings.unsettle(ctx, tx, at, p.unsettled); err != nil {
		return err
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
		if t.record.code == codeNoCompany || t.record.code == codeInvalidPair {
			without = append(without, t)
		}
	}
	if len(without) == 0 {
		return nil
	}
	if err := p.s.connections.lock(ctx, tx, p.batch.Tenant); err != nil {
		return err
	}
	companies, err := p.s.links.loadIn(ctx, tx, p.portal.place, kindOrganization, p.organizations(without))
	if err != nil {
		return err
	}
	var keys []string
	for _, t := range without {
		if companies[t.organization].live() != t.companyID {
			keys = append(keys, t.d.Key)
		}
	}
	return p.s.outbox.Append(ctx, tx, liveEntries(p.batch.Tenant, kindAssociation, keys)...)
}

// again appends what must be looked at again, whether or not it has changed.
func (p *binding) again(ctx context.Context, tx bun.Tx) error {
	for _, kind := range []string{kindOrganization, kindMember} {
		var keys []string
		for key := range p.looks[kind] {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if err := p.s.links.forgetFingerprints(ctx, tx, p.portal.place, kind, keys); err != nil {
			return err
		}
		if err := p.s.outbox.Append(ctx, tx, liveEntries(p.batch.Tenant, kind, keys)...); err != nil {
			return err
		}
	}
	return nil
}
