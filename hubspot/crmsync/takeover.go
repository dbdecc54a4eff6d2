package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A member that is deleted here keeps its contact. The person may join again,
// under a new id: the contact, found by its address or merged with the new
// member's by a person, is then the new member's, with what the former one's
// sync left in it. Whoever is in the host never yields.

// holder is another one that has the record which was found for somebody.
type holder struct {
	key     string
	linked  bool        // by us; else by the record's own word
	link    ledger.Link // if it has one, to this record or to one that was merged into it
	gone    bool        // the host has it no more
	settled bool        // and HubSpot has been told
	asked   bool        // the host has answered about it
}

// holders tells of found records who else has them.
func (p *pass) holders(ctx context.Context, hits []hit) (map[*work]holder, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.rec.ID
	}
	owners, err := p.s.Links.Owners(ctx, p.Portal.Place, p.road.kind, ids)
	if err != nil {
		return nil, err
	}
	out := map[*work]holder{}
	var keys []string
	for _, h := range hits {
		key := p.road.holder(h.w.d.Key, h.rec, owners[h.rec.ID])
		if key == "" {
			continue
		}
		out[h.w] = holder{key: key, linked: owners[h.rec.ID] == key}
		if integration.ValidUUID(key) { // people can type anything into the property
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return out, nil
	}
	keys = values.Union(keys, nil)
	links, err := p.s.Links.Load(ctx, p.Portal.Place, p.road.kind, keys)
	if err != nil {
		return nil, err
	}
	settled, err := p.s.Records.Gone(ctx, p.Portal.Place, p.road.entity, keys)
	if err != nil {
		return nil, err
	}
	leaving, err := p.leaving(ctx, keys)
	if err != nil {
		return nil, err
	}
	loaded, err := p.s.LoadKeys(ctx, p.Batch.Tenant, integration.Kind(p.road.kind), keys)
	if err != nil {
		p.s.Log.Warn("the host could not be read", "client_id", p.Batch.Tenant, "kind", p.road.kind, "error", err)
		loaded = nil
	}
	for w, h := range out {
		answer, ok := loaded[h.key]
		h.link, h.gone, h.settled = links[h.key], answer.Gone, settled[h.key] && !leaving[h.key]
		h.asked = ok && answer.Err == nil || !integration.ValidUUID(h.key)
		out[w] = h
	}
	return out, nil
}

// leaving tells which members' contacts are still to be taken out of static
// lists: who takes a contact over before would find it there as a person's.
func (p *pass) leaving(ctx context.Context, keys []string) (map[string]bool, error) {
	out := map[string]bool{}
	if p.road.kind != kinds.Member || !p.Portal.Options.ListsOn() {
		return out, nil
	}
	moving, err := p.s.lists.Store.Moving(ctx, p.s.DB, p.Portal.Place, p.Portal.Options, keys)
	for _, key := range moving {
		out[key] = true
	}
	return out, err
}

// stands reports whether the record stays the holder's.
func (h holder) stands(w *work) bool {
	// An id that we never sent is for a person to look at, also if the host does not have it.
	return h.key != "" && (w.gone || h.asked && !(h.gone && (h.link.HubSpotID != "" || h.settled)))
}

// awaits settles the work for another try if it must wait for the holder: the
// host has not said whether that one is gone, or its last news are still to
// reach HubSpot, and must come first.
func (p *pass) awaits(by holder, w *work) bool {
	switch {
	case by.key == "":
		return false
	case !by.asked:
		w.retry(verdict.Host)
		return true
	case !by.settled:
		p.resend = append(p.resend, spill{owner: by.key})
		w.retry(verdict.Conflict)
		return true
	}
	return false
}

// takeOver has the hit's work go on with the record of one that is gone: who
// created it, and what in it is ours.
func (p *pass) takeOver(by holder, h hit) {
	if by.link.HubSpotID == "" {
		return
	}
	w := h.w
	w.asked, w.present = p.fields.Reads(propertymap.Adopted, nil), h.rec.Properties
	w.former, w.predecessor = by.link, by.key
	w.former.HubSpotID = h.rec.ID
	known := values.Union(w.asked, p.road.identity()) // with the address, which is read with every record
	w.former.Sent = p.fields.Inherit(propertymap.ParseSent(by.link.Sent), propertymap.Record{Key: by.key, Asked: known, Present: w.present}, w.d.Key).Entries()
	w.unconfirmed = values.Union(w.unconfirmed, w.former.Sent)
}

// formersEmail reports whether the record that the work takes over has the
// primary address that our sync gave it for the former member: nobody's choice,
// and not to be kept for another one.
func (w *work) formersEmail() bool {
	return w.predecessor != "" && len(propertymap.ParseSent(w.former.Sent)[values.PropEmail]) > 0
}

// overtakes is the key of the one whose record the settlement gives to the
// work, "" = nobody's.
func (w *work) overtakes() string {
	if w.predecessor == "" || w.link.HubSpotID != w.former.HubSpotID || w.unknown && w.prior.HubSpotID != "" {
		return ""
	}
	return w.predecessor
}

// overtaken are those whose record is another one's now, by whom, and what is
// said of them.
func (p *pass) overtaken() (heirs map[string]string, said []ledger.Entry) {
	heirs = map[string]string{}
	for _, w := range p.works {
		if key := w.overtakes(); key != "" {
			heirs[key] = w.d.Key
			said = append(said, ledger.Entry{Entity: p.road.entity, Key: key, HubSpotID: w.link.HubSpotID,
				Record: ledger.Record{Status: integration.SyncExcluded, Code: verdict.Returned, Gone: true}})
		}
	}
	return heirs, said
}

// handOver gives what is remembered of those who are overtaken to their heirs,
// within Settle's transaction.
func (p *pass) handOver(ctx context.Context, tx bun.Tx) error {
	heirs, _ := p.overtaken()
	if len(heirs) == 0 {
		return nil
	}
	if err := p.s.Links.Drop(ctx, tx, p.Portal.Place, p.road.kind, slices.Sorted(maps.Keys(heirs))); err != nil {
		return err
	}
	if p.road.kind != kinds.Member {
		return nil
	}
	return p.s.ties.Inherit(ctx, tx, p.Portal.Place, heirs)
}

// makeRoom sends those again, within Settle's transaction, who could not be sent
// because of one that has just left.
func (p *pass) makeRoom(ctx context.Context, tx bun.Tx) error {
	var left []string
	for _, w := range p.works {
		if w.gone && w.link.HubSpotID != "" && settledForNow(w.outcome) {
			left = append(left, w.link.HubSpotID)
		}
	}
	keys, err := p.s.Records.StandBehind(ctx, tx, p.Portal.Place, p.road.entity, left)
	if err != nil {
		return err
	}
	return p.s.Outbox.Append(ctx, tx, carry.LiveEntries(p.Batch.Tenant, p.road.kind, keys)...)
}
