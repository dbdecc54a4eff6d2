package carry

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Address judges where a member's notes go.
func Address(linkedTo string, lost, archived bool, answer integration.Loaded, known integration.SyncStatus) (contact, why string, waits, due, silent bool) {
	opts := settings.Options{Statuses: settings.DefaultStatuses()}
	a, _ := address(opts, "m", ledger.Link{HubSpotID: linkedTo, Lost: lost, Archived: archived}, answer, known)
	return a.Contact, string(a.Why), a.Waits, a.Due, a.Silent
}

// HostLink is the link that may leave.
func HostLink(b integration.LinkBuilder, hosts []string, ref integration.Ref) string {
	return HostLinks{b, hosts}.Link("tenant", ref)
}

// Failures tells how many failures in a row a portal counts at these times
// after the first.
func Failures(at ...time.Duration) []int {
	l, start := &Live{}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var out []int
	for _, d := range at {
		out = append(out, l.Failed(start.Add(d)))
	}
	return out
}
