package console_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestARunIsCalledByWhatItIsFor(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.status.Resync = "Writes once more: every company. Not sent again: activities."
	b.vendor.status.Run = &integration.Run{Title: "First sync", Kind: integration.KindTicket, Phase: "listing", Total: 40, Done: 12, StartedAt: noon,
		Walked: []integration.RunPart{{Kind: integration.KindOrganization, Count: 1}, {Kind: integration.KindMember, Count: 1250}, {Kind: integration.KindMember, Count: 80}}}
	page := b.page("admin", "GET", "/acme").Body.String()
	run := between(page, `id="ic-run"`, "</section>")
	mustContain(t, run, ">First sync<", "Under way: 12 of 40 tickets", "Looking through the tickets.", "Done before: 1 organization and 1,250 members.")
	mustContain(t, page, "Writes once more: every company. Not sent again: activities.")
	mustNotContain(t, page, "Sends everything once more")

	ended := noon.Add(-time.Minute)
	b.vendor.status.Run.FinishedAt, b.vendor.status.Run.Phase, b.vendor.status.Run.WithIssues = &ended, "done", true
	b.vendor.status.Run.Walked = append(b.vendor.status.Run.Walked, integration.RunPart{Kind: integration.KindTicket, Count: 40})
	last := between(b.page("user", "GET", "/acme").Body.String(), `id="ic-last-run"`, "</section>")
	mustContain(t, last, "Last run: First sync", "Completed with issues", "1 organization, 1,250 members and 40 tickets looked at, finished", `href="#ic-incidents-title">Some records need attention</a>`)

	// A plugin that says no more than the numbers.
	b.vendor.status.Run, b.vendor.status.Resync = &integration.Run{Kind: integration.KindMember, Phase: "done", Total: 9, Done: 9, FinishedAt: &ended}, ""
	page = b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, "Last run: Full sync", "9 members looked at", "Sends everything once more")
}
