package console_test

import (
	"net/url"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestTheTagsPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	page := b.page("admin", "GET", "/acme/tags").Body.String()
	mustContain(t, page, `aria-current="page">Tags</a>`, "Membership &lt;active&gt;", "mp_tags", "active list", ">3 h ago</time>", `href="/settings/integrations/acme/log?entityType=tag"`)
	active := between(page, `<th scope="row">Membership`, "</tr>")
	mustContain(t, active, "Held back", ">1,412</td>", ">1,000</td>", ">412</td>")
	mustContain(t, between(page, `<th scope="row">Event attended`, "</tr>"), "Complete", "never")
	mustContain(t, between(page, `<th scope="row">Course completed`, "</tr>"), "nowhere", "Waiting")
	// What a confirmation does comes first.
	order(t, page, "Held back until you confirm", "<strong>412 contacts gain</strong> Membership &lt;active&gt; <code>membership-active</code>", "412 contacts are changed in all.",
		"Workflows in Acme CRM can start.", `name="history" value="true" aria-describedby`, "Adds 7 × Course completed", "Confirm and send", `id="ic-board"`)
	mustNotContain(t, page, "<button class=\"ic-button ic-primary\" disabled")
	for _, who := range []string{"user", "impersonator"} {
		page = b.page(who, "GET", "/acme/tags").Body.String()
		mustContain(t, page, "412 contacts gain", ">1,412</td>", "Only an administrator of your organisation can confirm it.")
		mustNotContain(t, page, "<form", "Confirm and send")
	}
}

func TestTheGateOfTags(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	board := acmeBoard()
	board.Gate.Ready = false
	b.vendor.boards[tenantA] = board
	page := b.page("admin", "GET", "/acme/tags").Body.String()
	mustContain(t, page, `disabled aria-describedby="ic-not-yet"`, `id="ic-not-yet"`, "Not everybody has been looked at yet", "Not ready")
	w := b.post("admin", acmePage+"/tags/confirm", url.Values{"history": {"true"}})
	if w.Code != 409 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, w.Body.String(), "Not everybody has been looked at.", `value="true" checked`)
	board.Gate = integration.TagGate{Ready: true, Reason: "refill"}
	b.vendor.boards[tenantA] = board
	mustContain(t, b.page("admin", "GET", "/acme/tags").Body.String(), "it was lost and made again, or you chose another one", "No contact gains a tag.", "There is nothing of that kind.")
	board.Gate = integration.TagGate{Open: true, Ready: true}
	b.vendor.boards[tenantA] = board
	mustNotContain(t, b.page("admin", "GET", "/acme/tags").Body.String(), "Held back", "Confirm and send")
	b.vendor.boards[tenantA] = integration.TagBoard{Tags: board.Tags}
	page = b.page("admin", "GET", "/acme/tags").Body.String()
	mustContain(t, page, "Tags are switched off", ">Off</span>")
	mustNotContain(t, page, "Confirm and send")
}

func TestConfirmTagsByForm(t *testing.T) {
	t.Parallel()
	for _, history := range []bool{true, false} {
		b := setup(t).connected()
		form := url.Values{}
		if history {
			form.Set("history", "true")
		}
		w := b.post("admin", acmePage+"/tags/confirm", form)
		if w.Code != 303 || w.Header().Get("Location") != acmePage+"/tags?done=tags" || b.vendor.confirmations()[0] != history {
			t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
		}
		mustContain(t, b.ask("admin", "GET", w.Header().Get("Location"), "").Body.String(), "The tags that were held back are being sent.")
	}
}

func TestWithoutTagsThereIsNoWayToThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "/tags", "/matching", "/property-mapping")
	b.connected()
	mustContain(t, b.page("admin", "GET", "/acme").Body.String(), `/acme/tags"`, `/acme/matching"`, `/acme/property-mapping"`)
	page := b.page("user", "GET", "/acme").Body.String()
	mustContain(t, page, `/acme/tags"`)
	mustNotContain(t, page, `/acme/matching"`, `/acme/property-mapping"`)
	b.serve(struct {
		integration.Plugin
		integration.Connector
		integration.Reporter
	}{b.vendor, b.vendor, b.vendor})
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "/tags", "/matching", "/property-mapping", "/log")
	for _, path := range []string{"/tags", "/matching", "/property-mapping", "/members/" + oursID + "/tags"} {
		if w := b.page("admin", "GET", "/acme"+path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
		if w := b.ask("admin", "GET", "/api/integrations/acme"+path, ""); w.Code != 404 {
			t.Errorf("API %s: %d", path, w.Code)
		}
	}
}
