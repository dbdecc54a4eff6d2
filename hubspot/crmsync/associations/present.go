package associations

import (
	"context"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// presentTries bounds how often merges are followed within a pass.
const presentTries = 3

// present finds out which of the records that will be written, or that the
// ledger knows under an id that HubSpot does not mention, have been merged into
// others or are gone. Contacts whose companies were merged while we looked are
// looked at again.
func (p *binding) present(ctx context.Context, ties []*tie) {
	for range presentTries {
		if ties = p.settleIDs(ctx, ties); len(ties) == 0 || p.Ended() {
			return
		}
		for _, t := range ties {
			t.read = false
		}
		p.look(ctx, ties)
	}
	for _, t := range ties {
		if !t.done {
			t.read = false // what is stored stays
			t.Put(verdict.Conflict, 0)
		}
	}
}

// settleIDs brings ties up to the merges that people have made, and returns
// those that must be looked at again for it.
func (p *binding) settleIDs(ctx context.Context, ties []*tie) (again []*tie) {
	ties = slices.DeleteFunc(slices.Clone(ties), func(t *tie) bool { return !t.read || t.done })
	var contacts, companies []string
	for _, t := range ties {
		for _, stale := range t.stale() {
			contacts, companies = append(contacts, stale.contactID), append(companies, stale.companyID)
		}
		if t.changes() {
			contacts = append(contacts, t.contactID)
		}
		if _, there := t.at(t.companyID); !there && t.companyID != "" {
			companies = append(companies, t.companyID)
		}
	}
	contact, ok := p.ids(ctx, hubspot.Contacts, contacts)
	if !ok {
		return nil
	}
	company, ok := p.ids(ctx, hubspot.Companies, companies)
	if !ok {
		return nil
	}
	for _, t := range ties {
		if t.done {
			continue
		}
		if now, asked := contact[t.contactID]; asked && now != t.contactID {
			p.lookAgain(t, kinds.Member, t.d.Key)
			continue
		}
		if !t.resolve(func(id string) string { return contact[id] }, func(id string) string { return company[id] }) {
			again = append(again, t)
			continue
		}
		if now, asked := company[t.companyID]; asked && now != t.companyID {
			p.lookAgain(t, kinds.Organization, t.organization)
		}
	}
	return again
}

// ids tells the present record id of each id, "" = there is no such record any
// more. It reports false if that could not be found out; nothing may follow.
func (p *binding) ids(ctx context.Context, object hubspot.ObjectType, ids []string) (map[string]string, bool) {
	slices.Sort(ids)
	out := map[string]string{}
	for page := range slices.Chunk(slices.Compact(ids), hubspot.MaxInputs) {
		var result hubspot.ReadResult
		ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
			result, err = p.Portal.Client.BatchRead(ctx, object, hubspot.BatchRead{IDs: page})
			return err
		})
		if !ok {
			return nil, false
		}
		for _, id := range page {
			rec, found := result.Find(id)
			switch {
			case found:
				out[id] = rec.ID
			case err == nil && slices.Contains(result.Missing, id):
				out[id] = ""
			default:
				p.doubt(object, id, err)
			}
		}
	}
	return out, true
}

// doubt settles the ties that need a record about which HubSpot gave no answer.
func (p *binding) doubt(object hubspot.ObjectType, id string, err error) {
	f := verdict.Failure{Code: verdict.Unconfirmed}
	if err != nil {
		f = verdict.Read(err)
	}
	for _, t := range p.reads() {
		needs := t.contactID == id
		if object == hubspot.Companies {
			needs = t.companyID == id
		}
		if needs || slices.ContainsFunc(t.pairs, func(p pair) bool { return p.companyID == id || p.contactID == id }) {
			t.Fail(f)
		}
	}
}

// lookAgain has a record looked at whose id HubSpot does not know any more: its
// own pass follows a merge or notes a deletion, and brings the association
// again. Until then the association waits. One that has waited too long is held,
// but the record is looked at even so: other failures may have taken the tries.
func (p *binding) lookAgain(t *tie, kind, key string) {
	if p.looks[kind] == nil {
		p.looks[kind] = map[string]bool{}
	}
	p.looks[kind][key] = true
	if t.d.Attempt >= carry.ContestedAttempts {
		t.Fail(verdict.Failure{Code: verdict.InvalidPair, Hold: true})
		t.record.OtherID = t.companyID
		return
	}
	t.Put(verdict.Conflict, 0)
}
