package crmsync

import (
	"context"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// A tenant can choose that the record of a member or an organization that is
// gone is archived, if we have created it. It then lies in HubSpot's recycle bin
// for 90 days. The link stays, marked before the call: whatever becomes of the
// reply, a record that is missing afterwards was archived by us and not deleted
// by a person, so one that comes back gets a record again.
// See https://knowledge.hubspot.com/records/restore-deleted-records

// propMerged names the records that were merged into one.
const propMerged = "hs_merged_object_ids"

// archives decides whether the record of one that is gone is archived.
func (w *work) archives(l lens, e epoch) bool {
	switch {
	case w.link.Archived && w.link.Lost && !e.doubtful(w.d):
		w.done(verdict.Archived)
	case w.link.HubSpotID != "" && w.link.CreatedHere && l.options.ArchiveGone && (!w.link.Lost || w.link.Archived):
		w.step = stepArchive
	default:
		return false
	}
	return true
}

// back unlinks one that is in the host again from the record that we have
// archived: HubSpot is asked whether it has one of it.
func (w *work) back() {
	if w.link.Archived {
		w.former, w.link, w.prior = w.link, ledger.Link{}, ledger.Link{}
	}
}

// archive archives records that are ours alone. One that a person has merged
// another record into is kept like one that was there before.
func (p *pass) archive(ctx context.Context, works []*work) {
	linked := func(w *work) string { return w.link.HubSpotID }
	hits, missing := p.readWith(ctx, works, "", linked, append(p.road.identity(), propMerged))
	var ours []*work
	for _, h := range hits {
		if h.rec.ID != h.w.link.HubSpotID || strings.TrimSpace(h.rec.Properties[propMerged]) != "" || !p.road.ours(h.w.d.Key, h.rec) {
			h.w.link.CreatedHere = false
			h.w.step = stepUpdate
			continue
		}
		ours = append(ours, h.w)
	}
	for _, w := range missing {
		if w.link.Archived {
			w.archived()
			continue
		}
		w.step = stepLost
	}
	if len(ours) == 0 || p.Ended() {
		return
	}
	keys := make([]string, len(ours))
	for i, w := range ours {
		keys[i] = w.d.Key
		w.link.Archived, w.prior.Archived = true, true
	}
	if p.Lost = p.s.Links.Mark(ctx, p.Portal.Place, p.road.kind, keys); p.Lost != nil {
		return
	}
	carry.Write(ctx, p.Outing, ours, func(ctx context.Context, ws []*work) (hubspot.WriteResult, error) {
		ids := make([]string, len(ws))
		for i, w := range ws {
			ids[i] = w.link.HubSpotID
		}
		return hubspot.WriteResult{Results: make([]hubspot.InputResult, len(ws))}, p.Portal.Client.BatchArchive(ctx, p.road.object, ids)
	}, func(w *work, r hubspot.InputResult) {
		if r.Err != nil && !hubspot.IsNotFound(r.Err) {
			p.settleFailure(w, verdict.Read(r.Err))
		}
	})
	// HubSpot confirms by silence, so we look.
	hits, missing = p.read(ctx, slices.DeleteFunc(ours, func(w *work) bool { return w.step != stepArchive }), "", linked)
	for _, h := range hits {
		h.w.Fail(verdict.Failure{Code: verdict.Unconfirmed, Unknown: true})
	}
	for _, w := range missing {
		w.archived()
	}
}

// archived notes that the record lies in HubSpot's recycle bin.
func (w *work) archived() {
	w.link.Lost, w.link.Archived, w.unknown = true, true, false
	w.link.Fingerprint = nil
	w.done(verdict.Archived)
}
