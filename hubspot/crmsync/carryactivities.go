package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carryActivities tells activities, each once, as a note on the contact of its
// member.
func (s *noteCarrier) carryActivities(ctx context.Context, b outbox.Batch, portal *Portal) (result, error) {
	return s.carryNotes(ctx, b, portal, gatherActivities)
}

// gatherActivities reads what was recorded.
func gatherActivities(_ context.Context, n *noting) error {
	for _, d := range n.batch.Deliveries {
		j := &jot{d: d, fixed: true}
		n.jots = append(n.jots, j)
		a, err := integration.ParseFact(d.Key, d.Payload)
		if err != nil {
			n.s.log.Error("an activity cannot be read", "client_id", n.batch.Tenant, "activity", d.Key, "error", err)
			j.outcome = outbox.Hold(classBug, string(codeUnreadable))
			j.record = record{status: integration.SyncFailed, code: codeUnreadable}
			continue
		}
		j.who = a.MemberID
		j.props = map[string]string{propNoteTime: datetime(a.OccurredAt)}
		link := n.s.pages.link(n.batch.Tenant, a.About)
		j.write = func(ref string) string {
			return notetext.Activity(a, notetext.Options{Zone: n.zone, Link: link, Ref: ref})
		}
	}
	return nil
}
