package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/integration"
)

// progress is what a page shows of a run. waiting is how many of its entries
// have not been delivered yet. It is pure.
func (r runRow) progress(waiting int, now time.Time) integration.Run {
	out := integration.Run{ID: r.ID, Title: r.title(), Kind: r.lists(), Phase: r.Phase, Total: max(r.Total, r.Listed), StartedAt: r.StartedAt, FinishedAt: r.FinishedAt}
	all := 0
	for _, kind := range kinds.WalkOrder([]string{kinds.Organization, kinds.Event, kinds.Member, kinds.Segment, kinds.Ticket}) {
		if n, ok := r.Walked[kind]; ok {
			out.Walked = append(out.Walked, integration.RunPart{Kind: carriers()[kind].lists, Count: n})
			all += n
		}
	}
	if r.FinishedAt != nil {
		out.Done = out.Total
		if took := r.FinishedAt.Sub(r.StartedAt).Seconds(); took > 0 {
			out.PerSecond = float64(max(all, out.Done)) / took
		}
		return out
	}
	out.Done = max(0, r.Listed-waiting)
	if r.Again {
		// The second walk lists members again that were delivered once.
		out.Done = min(out.Done, out.Total)
	}
	if took := now.Sub(r.KindAt).Seconds(); took > 0 && out.Done > 0 {
		out.PerSecond = float64(out.Done) / took
		out.ETASeconds = int(float64(out.Total-out.Done)/out.PerSecond) + 1
	}
	return out
}
