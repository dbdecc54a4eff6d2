package crmsync_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// BenchmarkFirstSync measures a tenant's first sync of members that HubSpot
// does not have yet, from connecting to the last settled batch. "wide" is a
// portal without a limit worth the name, "professional" one of 190 calls in
// ten seconds.
func BenchmarkFirstSync(b *testing.B) {
	const members = 5000
	for _, latency := range []time.Duration{0, 300 * time.Millisecond} {
		for name, window := range map[string]int{"wide": wide, "professional": 190} {
			b.Run(fmt.Sprintf("latency=%s/portal=%s", latency, name), func(b *testing.B) {
				for range b.N {
					b.StopTimer()
					x := start(b, withWindow(window), withSim(hubspottest.Options{Latency: latency}))
					for i := range members {
						x.host.Put(tenantA, member(i))
					}
					b.StartTimer()
					began := time.Now()
					x.connect(tenantA, portalA, tokenA)
					x.eventually("the end of the run", func() bool {
						st := x.status(tenantA)
						return st.Run != nil && st.Run.FinishedAt != nil
					})
					took := time.Since(began)
					if st := x.status(tenantA); st.Members.InSync != members {
						b.Fatalf("members = %+v", st.Members)
					}
					b.ReportMetric(members/took.Seconds(), "members/s")
					b.ReportMetric(float64(len(x.sim.Requests())), "calls")
				}
			})
		}
	}
}
