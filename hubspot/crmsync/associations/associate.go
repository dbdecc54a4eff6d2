package associations

import (
	"context"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// binding is one batch of associations on its way.
type binding struct {
	*carry.Outing
	s    *Carrier
	ties []*tie

	looks     map[string]map[string]bool // by kind: keys whose record must be looked at again
	unsettled []string                   // members who are associated anew when they have a contact again
}

// Carry takes a batch of members to the associations of their
// contacts with their organizations' companies: the new one is made before an
// old one is removed, one that a person has made or labelled stays, and no
// company is ever made a primary one.
func (s *Carrier) Carry(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &binding{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}, looks: map[string]map[string]bool{}}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	p.Verify(ctx)
	p.look(ctx, p.open())
	p.present(ctx, p.reads())
	p.add(ctx)
	p.remove(ctx)
	p.finish()
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	return p.result(), nil
}

// prepare loads what is stored and what the host has. The error means that
// nothing may be settled.
func (p *binding) prepare(ctx context.Context) error {
	keys, at := p.Keys(), p.Portal.Place
	contacts, err := p.s.Links.Load(ctx, at, kinds.Member, keys)
	if err != nil {
		return err
	}
	known, err := p.s.pairs.load(ctx, at, keys)
	if err != nil {
		return err
	}
	loaded, err := p.s.LoadAs(ctx, p.Batch, integration.KindMember)
	if err != nil {
		p.s.Log.Warn("the host could not be read", "client_id", p.Batch.Tenant, "kind", p.Batch.Kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	for _, d := range p.Batch.Deliveries {
		t := &tie{d: d, pairs: known[d.Key]}
		p.ties = append(p.ties, t)
		answer, ok := loaded[d.Key]
		m, isMember := answer.Entity.(integration.Member)
		switch contact := contacts[d.Key]; {
		case ok && answer.Err == nil && answer.Gone:
			t.discard(verdict.MemberDeleted) // its contact is kept as it is, or archived
			p.unsettled = append(p.unsettled, d.Key)
		case !ok, answer.Err != nil, !isMember, !strings.EqualFold(m.ID, d.Key):
			t.Put(verdict.Host, 0)
		case contact.HubSpotID == "", contact.Lost, contact.Archived:
			t.discard(verdict.AwaitsContact) // it comes again with the contact
			p.unsettled = append(p.unsettled, d.Key)
		default:
			t.contactID, t.organization = contact.HubSpotID, settings.OrganizationOf(m)
		}
	}
	companies, err := p.s.Links.Load(ctx, at, kinds.Organization, p.organizations(p.open()))
	if err != nil {
		return err
	}
	for _, t := range p.open() {
		t.companyID = companies[t.organization].Live()
	}
	return nil
}

func (p *binding) open() []*tie {
	return slices.DeleteFunc(slices.Clone(p.ties), func(t *tie) bool { return t.done })
}

// reads are the members under way of whom HubSpot's answer is known.
func (p *binding) reads() []*tie {
	return slices.DeleteFunc(p.open(), func(t *tie) bool { return !t.read })
}

func (p *binding) organizations(ties []*tie) []string {
	var keys []string
	for _, t := range ties {
		if t.organization != "" {
			keys = append(keys, t.organization)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// look asks HubSpot which companies the contacts are associated with.
func (p *binding) look(ctx context.Context, ties []*tie) {
	if len(ties) == 0 {
		return
	}
	ids := make([]string, len(ties))
	for i, t := range ties {
		ids[i] = t.contactID
	}
	var result hubspot.AssociationsResult
	ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
		result, err = p.Portal.Client.Associations(ctx, hubspot.Contacts, hubspot.Companies, ids)
		return err
	})
	switch {
	case !ok:
		return
	case err != nil && len(ties) > 1 && verdict.Read(err).Bisect:
		half := len(ties) / 2
		p.look(ctx, ties[:half])
		p.look(ctx, ties[half:])
		return
	}
	for i, t := range ties {
		have, found := result.Found[ids[i]]
		switch {
		case err != nil:
			t.Fail(verdict.Read(err))
		case found:
			t.have, t.read = have, true
		case result.Failed[ids[i]] != nil:
			t.Fail(verdict.Read(result.Failed[ids[i]]))
		default:
			t.Fail(verdict.Failure{Code: verdict.Unconfirmed})
		}
	}
}

// add makes the pairs that are missing. Each is noted as ours before.
func (p *binding) add(ctx context.Context) {
	if p.Ended() {
		return
	}
	var lines []*knot
	claims, keys := map[string][]pair{}, []string(nil)
	for _, t := range p.reads() {
		if t.missing() {
			lines = append(lines, &knot{t: t, companyID: t.companyID, adds: true})
			claims[t.d.Key], keys = []pair{t.pair(true)}, append(keys, t.d.Key)
		}
	}
	if len(lines) == 0 {
		return
	}
	if p.Lost = p.s.pairs.Put(ctx, p.s.DB, p.Portal.Place, keys, claims, p.s.Now()); p.Lost != nil {
		return
	}
	carry.Write(ctx, p.Outing, lines, func(ctx context.Context, ks []*knot) (hubspot.WriteResult, error) {
		return paired(p.Portal.Client.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, pairsOf(ks)))
	}, func(k *knot, r hubspot.InputResult) {
		switch {
		case r.Err == nil:
			k.t.have = append(k.t.have, hubspot.Association{ToID: k.companyID})
		case r.Err.Code == hubspot.CodeInvalidObjects:
			p.disclaim(k, verdict.Read(r.Err))
			p.lookAgain(k.t, kinds.Member, k.t.d.Key)
			p.lookAgain(k.t, kinds.Organization, k.t.organization)
		default:
			p.refused(k, r.Err)
		}
	})
	for _, k := range lines {
		if _, made := k.t.at(k.companyID); !made && !k.t.done && p.Stop != nil {
			p.disclaim(k, *p.Stop)
		}
	}
}

// remove takes away the pairs of ours that hold no more, and looks whether they
// are gone: HubSpot confirms a removal by silence.
func (p *binding) remove(ctx context.Context) {
	if p.Ended() {
		return
	}
	var lines []*knot
	var ties []*tie
	for _, t := range p.reads() {
		if _, made := t.at(t.companyID); t.companyID != "" && !made {
			continue // the new one first
		}
		for _, id := range t.surplus() {
			lines = append(lines, &knot{t: t, companyID: id})
		}
		if len(lines) > 0 && lines[len(lines)-1].t == t {
			ties = append(ties, t)
		}
	}
	carry.Write(ctx, p.Outing, lines, func(ctx context.Context, ks []*knot) (hubspot.WriteResult, error) {
		return paired(p.Portal.Client.Disassociate(ctx, hubspot.Contacts, hubspot.Companies, pairsOf(ks)))
	}, func(k *knot, r hubspot.InputResult) {
		if r.Err != nil && r.Err.Code != hubspot.CodeInvalidObjects {
			p.refused(k, r.Err)
		}
	})
	ties = slices.DeleteFunc(ties, func(t *tie) bool { return t.done })
	for _, t := range ties {
		t.read = false
	}
	p.look(ctx, ties)
	p.present(ctx, ties)
	for _, t := range ties {
		if t.read && !t.done && !p.Ended() && len(t.surplus()) > 0 {
			t.Fail(verdict.Failure{Code: verdict.Unconfirmed})
		}
	}
}

func (p *binding) refused(k *knot, err *hubspot.Error) {
	f := verdict.Read(err)
	if f.Tenant {
		p.Stop = &f
		return
	}
	p.disclaim(k, f)
	k.t.Fail(f)
}

// disclaim forgets a pair that was noted as ours and has certainly not been
// made.
func (p *binding) disclaim(k *knot, f verdict.Failure) {
	if k.adds && !f.Unknown {
		k.t.drop(k.companyID)
	}
}

func pairsOf(lines []*knot) []hubspot.Pair {
	out := make([]hubspot.Pair, len(lines))
	for i, k := range lines {
		out[i] = hubspot.Pair{From: k.t.contactID, To: k.companyID}
	}
	return out
}

// paired gives the results of pairs the form of a batch write.
func paired(results []hubspot.PairResult, err error) (hubspot.WriteResult, error) {
	out := hubspot.WriteResult{Results: make([]hubspot.InputResult, len(results))}
	for i, r := range results {
		out.Results[i].Err = r.Err
	}
	return out, err
}
