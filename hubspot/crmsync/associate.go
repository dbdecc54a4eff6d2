package crmsync

import (
	"context"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// binding is one batch of associations on its way.
type binding struct {
	*outing
	s    *tieCarrier
	ties []*tie

	looks     map[string]map[string]bool // by kind: keys whose record must be looked at again
	unsettled []string                   // members who are associated anew when they have a contact again
}

// carryAssociations takes a batch of members to the associations of their
// contacts with their organizations' companies: the new one is made before an
// old one is removed, one that a person has made or labelled stays, and no
// company is ever made a primary one.
func (s *tieCarrier) carryAssociations(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	p := &binding{s: s, outing: &outing{base: s.base, batch: b, portal: portal}, looks: map[string]map[string]bool{}}
	if err := p.prepare(ctx); err != nil {
		return result{}, err
	}
	p.verifyPortal(ctx)
	p.look(ctx, p.open())
	p.present(ctx, p.reads())
	p.add(ctx)
	p.remove(ctx)
	p.finish()
	if p.lost != nil {
		return result{}, p.lost
	}
	return p.result(), nil
}

// prepare loads what is stored and what the host has. The error means that
// nothing may be settled.
func (p *binding) prepare(ctx context.Context) error {
	keys, at := p.keys(), p.portal.place
	contacts, err := p.s.links.load(ctx, at, kindMember, keys)
	if err != nil {
		return err
	}
	known, err := p.s.pairs.load(ctx, at, keys)
	if err != nil {
		return err
	}
	loaded, err := p.s.loadAs(ctx, p.batch, integration.KindMember)
	if err != nil {
		p.s.log.Warn("the host could not be read", "client_id", p.batch.Tenant, "kind", p.batch.Kind, "error", err)
		loaded = nil // no answer: everything is tried again
	}
	for _, d := range p.batch.Deliveries {
		t := &tie{d: d, pairs: known[d.Key]}
		p.ties = append(p.ties, t)
		answer, ok := loaded[d.Key]
		m, isMember := answer.Entity.(integration.Member)
		switch contact := contacts[d.Key]; {
		case ok && answer.Err == nil && answer.Gone:
			t.discard("the member is gone") // its contact is kept as it is, or archived
			p.unsettled = append(p.unsettled, d.Key)
		case !ok, answer.Err != nil, !isMember, !strings.EqualFold(m.ID, d.Key):
			t.put(codeHost, 0)
		case contact.HubSpotID == "", contact.Lost, contact.Archived:
			t.discard("no contact") // it comes again with the contact
			p.unsettled = append(p.unsettled, d.Key)
		default:
			t.contactID, t.organization = contact.HubSpotID, organizationOf(m)
		}
	}
	companies, err := p.s.links.load(ctx, at, kindOrganization, p.organizations(p.open()))
	if err != nil {
		return err
	}
	for _, t := range p.open() {
		t.companyID = companies[t.organization].live()
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
	ok, err := p.call(ctx, func(ctx context.Context) (err error) {
		result, err = p.portal.client.Associations(ctx, hubspot.Contacts, hubspot.Companies, ids)
		return err
	})
	switch {
	case !ok:
		return
	case err != nil && len(ties) > 1 && readFailure(err).bisect:
		half := len(ties) / 2
		p.look(ctx, ties[:half])
		p.look(ctx, ties[half:])
		return
	}
	for i, t := range ties {
		have, found := result.Found[ids[i]]
		switch {
		case err != nil:
			t.fail(readFailure(err))
		case found:
			t.have, t.read = have, true
		case result.Failed[ids[i]] != nil:
			t.fail(readFailure(result.Failed[ids[i]]))
		default:
			t.fail(failure{code: codeUnconfirmed})
		}
	}
}

// add makes the pairs that are missing. Each is noted as ours before.
func (p *binding) add(ctx context.Context) {
	if p.ended() {
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
	if p.lost = p.s.pairs.put(ctx, p.s.db, p.portal.place, keys, claims, p.s.now()); p.lost != nil {
		return
	}
	write(ctx, p.outing, lines, func(ctx context.Context, ks []*knot) (hubspot.WriteResult, error) {
		return paired(p.portal.client.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, pairsOf(ks)))
	}, func(k *knot, r hubspot.InputResult) {
		switch {
		case r.Err == nil:
			k.t.have = append(k.t.have, hubspot.Association{ToID: k.companyID})
		case r.Err.Code == hubspot.CodeInvalidObjects:
			p.disclaim(k, readFailure(r.Err))
			p.lookAgain(k.t, kindMember, k.t.d.Key)
			p.lookAgain(k.t, kindOrganization, k.t.organization)
		default:
			p.refused(k, r.Err)
		}
	})
	for _, k := range lines {
		if _, made := k.t.at(k.companyID); !made && !k.t.done && p.stop != nil {
			p.disclaim(k, *p.stop)
		}
	}
}

// remove takes away the pairs of ours that hold no more, and looks whether they
// are gone: HubSpot confirms a removal by silence.
func (p *binding) remove(ctx context.Context) {
	if p.ended() {
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
	write(ctx, p.outing, lines, func(ctx context.Context, ks []*knot) (hubspot.WriteResult, error) {
		return paired(p.portal.client.Disassociate(ctx, hubspot.Contacts, hubspot.Companies, pairsOf(ks)))
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
		if t.read && !t.done && !p.ended() && len(t.surplus()) > 0 {
			t.fail(failure{code: codeUnconfirmed})
		}
	}
}

func (p *binding) refused(k *knot, err *hubspot.Error) {
	f := readFailure(err)
	if f.tenant {
		p.stop = &f
		return
	}
	p.disclaim(k, f)
	k.t.fail(f)
}

// disclaim forgets a pair that was noted as ours and has certainly not been
// made.
func (p *binding) disclaim(k *knot, f failure) {
	if k.adds && !f.unknown {
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
