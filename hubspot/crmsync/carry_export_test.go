package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Address judges where a member's notes go.
func Address(linkedTo string, lost bool, answer integration.Loaded, known integration.SyncStatus) (contact, why string, waits, due, silent bool) {
	opts := options{statuses: defaultStatuses()}
	a, _ := address(opts, "m", link{HubSpotID: linkedTo, Lost: lost}, answer, known)
	return a.contact, string(a.why), a.waits, a.due, a.silent
}

// HostLink is the link that may leave.
func HostLink(b integration.LinkBuilder, hosts []string, ref integration.Ref) string {
	return hostLinks{b, hosts}.link("tenant", ref)
}

// Failures tells how many failures in a row a portal counts at these times
// after the first.
func Failures(at ...time.Duration) []int {
	l, start := &live{}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var out []int
	for _, d := range at {
		out = append(out, l.failed(start.Add(d)))
	}
	return out
}
