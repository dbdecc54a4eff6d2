package console_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// parts is a status with one feature of each state.
func parts(b *bench) {
	b.vendor.status.Features = []integration.Feature{
		{Key: "syncContacts", Name: "Contacts", On: true, EntityType: "contact", State: "attention", Sentence: "3 members need attention.", Total: 1250, Done: 1240, Waiting: 2, NotIncluded: 5, Attention: 3,
			Reasons: []integration.Reason{{Code: "PLAN", Title: "Plan is not sent", Count: 1}, {Code: "NO_EMAIL", Title: "No <valid> address", Count: 4}}},
		{Key: "syncCompanies", Name: "Companies", On: true, EntityType: "company", State: "waiting", Sentence: "Waits until the 12 companies are matched.", Total: 12, Waiting: 12},
		{Key: "tags", Name: "Tags", EntityType: "tag", State: "off", Sentence: "Off. Nothing is sent."},
		{Key: "notes", Name: "Notes", On: true, State: "ok", Sentence: "Every note is there.", Total: 7, Done: 6},
	}
}

func TestFeaturesOnTheOverview(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	mustNotContain(t, b.page("user", "GET", "/acme").Body.String(), "Parts of the sync")
	parts(b)
	b.vendor.status.Members.NeedsAttention = 3
	page := b.page("admin", "GET", "/acme").Body.String()
	order(t, page, "ic-sentence", "ic-numbers", "ic-incidents", "Parts of the sync", "ic-control")
	order(t, page, ">Contacts</h3>", ">Companies</h3>", ">Tags</h3>", ">Notes</h3>")
	contacts := between(page, ">Contacts</h3>", "</article>")
	mustContain(t, contacts, "On, needs attention", "3 members need attention.", `href="/settings/integrations/acme/log?entityType=contact&amp;status=synced">1,240 done</a>`,
		`status=pending">2 waiting`, `status=excluded">5 not included`, `status=failed">3 need attention`, `= <a href="/settings/integrations/acme/log?entityType=contact">1,250 records</a>`,
		`log?code=NO_EMAIL&amp;entityType=contact&amp;status=excluded">4</a> No &lt;valid&gt; address`, `href="/settings/integrations/acme/settings#field-syncContacts"`)
	order(t, contacts, "No &lt;valid&gt; address", "Plan is not sent")
	companies := between(page, ">Companies</h3>", "</article>")
	mustContain(t, companies, "On, waiting", "Waits until the 12 companies are matched.", "12 waiting", `href="/settings/integrations/acme/matching">Match companies</a>`)
	mustNotContain(t, companies, "#field-") // the schema has no such setting
	tags := between(page, ">Tags</h3>", "</article>")
	mustContain(t, tags, ">Off</span>", "Off. Nothing is sent.")
	mustNotContain(t, tags, "done", "waiting")
	b.vendor.status.Features[2] = integration.Feature{Key: "tags", Name: "Tags", On: true, EntityType: "tag", State: "ok", Total: 9, Done: 9}
	mustContain(t, between(b.page("user", "GET", "/acme").Body.String(), ">Tags</h3>", "</article>"), `<a href="/settings/integrations/acme/tags">9 done</a>`)
	// Counts that do not add up are not said to, and lead nowhere without a type.
	notes := between(page, ">Notes</h3>", "</article>")
	mustContain(t, notes, ">On</span>", "6 done")
	mustNotContain(t, notes, "= ", "<a")
	// Where the log has other types too, the numbers of members lead to contacts.
	mustContain(t, page, `class="ic-figure" href="/settings/integrations/acme/log?entityType=contact&amp;status=synced"`, `log?entityType=contact&amp;status=failed">3 of Contacts</a>`)
}

// What needs attention is counted by part beside the sentence, each with the way
// to its records.
func TestWhatNeedsAttentionIsCountedByPart(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	b.vendor.status.Features = []integration.Feature{
		{Key: "syncContacts", Name: "Contacts", On: true, EntityType: "contact", State: "ok", Total: 1240, Done: 1240},
		{Key: "syncCompanies", Name: "Companies", On: true, EntityType: "company", State: "attention", Total: 1300, Done: 66, Attention: 1234},
		{Key: "syncLists", Name: "Lists", On: true, State: "attention", Total: 2, Attention: 2},
	}
	page := b.page("user", "GET", "/acme").Body.String()
	needs := between(page, `id="ic-needs"`, "</div>")
	mustContain(t, needs, `href="/settings/integrations/acme/log?entityType=company&amp;status=failed">Companies: 1,234</a>`, `href="#ic-incidents-title">Lists: 2</a>`)
	mustNotContain(t, needs, "Contacts")
	mustContain(t, page, "Records need attention", "1,234 of Companies")
	mustNotContain(t, page, "Nothing needs your attention")

	// One code that befalls two types is two incidents, each with its records.
	b.vendor.status.Incidents = []integration.Incident{
		{Code: "taken", EntityType: "company", Title: "A company", Count: 3, Action: "recheck"},
		{Code: "taken", EntityType: "note", Title: "A note", Count: 2}, {Code: "taken", EntityType: "note", Title: "Another note", Count: 1},
		{Code: "which", EntityType: "company", Title: "Which is it?", Count: 9, Action: "match"},
	}
	page = b.page("admin", "GET", "/acme").Body.String()
	mustContain(t, page, `log?code=taken&amp;entityType=company"`, `log?code=taken&amp;entityType=note"`, "3 records of type Company", "2 records of type Note",
		`id="ic-details-taken-company"`, `id="ic-details-taken-note"`, `id="ic-details-taken-note-2"`, `ic-primary" href="/settings/integrations/acme/matching">Match companies</a>`)
	if strings.Contains(page, `name="code" value="which"`) {
		t.Error("what waits for a decision can be retried")
	}
	fresh := setup(t)
	fresh.vendor.status.Features = b.vendor.status.Features
	mustNotContain(t, fresh.page("admin", "GET", "/acme").Body.String(), "ttention")
}

func TestFeaturesForThoseWhoMayLook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	parts(b)
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "Parts of the sync")
	page := b.connected().page("user", "GET", "/acme").Body.String()
	mustContain(t, page, "Waits until the 12 companies are matched.", "entityType=company")
	mustNotContain(t, page, "#field-", "<form")
	doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/status", ""))
	features := doc["features"].([]any)
	if first := features[0].(map[string]any); len(features) != 4 || first["entityType"] != "contact" || first["total"] != 1250.0 || len(first["reasons"].([]any)) != 2 {
		t.Errorf("%v", doc["features"])
	}
}

func TestStatesOfFeaturesDifferInWordAndShape(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	seen := map[string]bool{}
	for _, f := range []integration.Feature{{On: true, State: "ok"}, {On: true, State: "waiting"}, {On: true, State: "attention"}, {State: "off"}} {
		f.Name = "Part"
		b.vendor.status.Features = []integration.Feature{f}
		mark := between(between(b.page("user", "GET", "/acme").Body.String(), ">Part</h3>", "</div>"), "<svg", "</span>")
		_, word, _ := strings.Cut(mark, "</svg>")
		drawing, _, _ := strings.Cut(mark, "</svg>")
		if word == "" || seen[word] || seen[drawing] {
			t.Errorf("%+v looks like another: %q", f, mark)
		}
		seen[word], seen[drawing] = true, true
	}
}
