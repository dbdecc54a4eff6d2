package notes

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Activities tells activities, each once, as a note on the contact of its
// member.
func (s *Carrier) Activities(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	return s.carryNotes(ctx, b, portal, gatherActivities)
}

// gatherActivities reads what was recorded.
func gatherActivities(_ context.Context, n *noting) error {
	for _, d := range n.Batch.Deliveries {
		j := &jot{d: d, fixed: true}
		n.jots = append(n.jots, j)
		a, err := integration.ParseFact(d.Key, d.Payload)
		if err != nil {
			n.s.Log.Error("an activity cannot be read", "client_id", n.Batch.Tenant, "activity", d.Key, "error", err)
			j.outcome = outbox.Hold(verdict.ClassBug, string(verdict.Unreadable))
			j.record = ledger.Record{Status: integration.SyncFailed, Code: verdict.Unreadable}
			continue
		}
		j.who = a.MemberID
		j.props = map[string]string{propNoteTime: values.Datetime(a.OccurredAt)}
		link := n.s.Pages.Link(n.Batch.Tenant, a.About)
		j.write = func(ref string) string {
			return notetext.Activity(a, notetext.Options{Zone: n.zone, Link: link, Ref: ref})
		}
	}
	return nil
}
