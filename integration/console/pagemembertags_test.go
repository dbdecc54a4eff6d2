package console_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

const memberPage = acmePage + "/members/" + oursID + "/tags"

func TestTheTagsOfAMember(t *testing.T) {
	t.Parallel()
	b := setup(t, func(cfg *console.Config) {
		cfg.Describe = func(_ context.Context, _ integration.Identity, ids []string) (map[string]console.Described, error) {
			return map[string]console.Described{ids[0]: {Label: "Ada <L>", Path: "/members/7"}}, nil
		}
	}).connected()
	page := b.ask("admin", "GET", memberPage, "").Body.String()
	mustContain(t, page, "Tags of Ada &lt;L&gt;", `href="/members/7"`)
	order(t, page, "Membership &lt;active&gt;", "Event attended", "Course completed")
	active := between(page, "<h3>Membership", "</li>")
	mustContain(t, active, "In Acme CRM", "Since <time", "Last <time", ">1 h ago</time>", "renewed &lt;early&gt;", "Remove", "Apply again", `name="cause" value="" maxlength="200" required`,
		`action="`+memberPage+`/membership-active"`)
	mustNotContain(t, active, "By hand")
	mustContain(t, between(page, "<h3>Event attended", "</li>"), "Held until confirmed", "By hand")
	none := between(page, "<h3>Course completed", "</li>")
	mustContain(t, none, "Not applied", ">Apply<")
	mustNotContain(t, none, "Remove", "Since")
	page = b.ask("impersonator", "GET", memberPage, "").Body.String()
	mustContain(t, page, "In Acme CRM")
	mustNotContain(t, page, "<form")
	// There is a way to it from what is known of the member.
	mustContain(t, b.page("admin", "GET", "/acme/log/"+oursID).Body.String(), `href="`+memberPage+`">Tags of this member</a>`)
	mustNotContain(t, b.page("user", "GET", "/acme/log/"+oursID).Body.String(), "Tags of this member")
}

func TestATagByForm(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.post("admin", memberPage+"/event-attended", url.Values{"applied": {"false"}, "cause": {"was not there"}})
	if w.Code != 303 || w.Header().Get("Location") != memberPage+"?done=tag-removed" {
		t.Fatalf("%d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	mustContain(t, b.ask("admin", "GET", w.Header().Get("Location"), "").Body.String(), "The tag is removed")
	if got := b.vendor.byHand(); len(got) != 1 || got[0].Applied || got[0].Cause != "was not there" || got[0].By != "user-7" {
		t.Errorf("%+v", got)
	}
	// Without a reason nothing happens; the field says so.
	w = b.post("admin", memberPage+"/event-attended", url.Values{"applied": {"true"}, "cause": {"  "}})
	if w.Code != 422 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, w.Body.String(), `<a href="#cause-event-attended">Event attended, why</a>: Say why`, `aria-invalid="true"`)
	mustContain(t, between(w.Body.String(), `id="error-cause-event-attended"`, "</div>"), "Say why, in a few words")
	mustNotContain(t, between(w.Body.String(), `id="error-cause-membership-active"`, "</div>"), "Say why")
	b.vendor.tagErr = &integration.Error{Kind: integration.Conflict, Title: "Not now.", Detail: "d", Fix: "f"}
	w = b.post("admin", memberPage+"/event-attended", url.Values{"applied": {"true"}, "cause": {`kept "typed"`}})
	if w.Code != 409 {
		t.Fatalf("%d", w.Code)
	}
	mustContain(t, w.Body.String(), "Not now.", `value="kept &#34;typed&#34;"`)
	if w := b.post("admin", memberPage+"/event-attended", url.Values{"cause": {"x"}}); w.Code != 400 {
		t.Errorf("neither: %d", w.Code)
	}
	if len(b.vendor.byHand()) != 1 {
		t.Errorf("%+v", b.vendor.byHand())
	}
}

func TestPagesOfForeignMembersAreAsOfUnknownOnes(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	foreign, unknown := b.ask("adminB", "GET", memberPage, ""), b.ask("adminB", "GET", acmePage+"/members/"+noSuchID+"/tags", "")
	if foreign.Code != 404 || foreign.Body.String() != unknown.Body.String() {
		t.Errorf("%d: %s", foreign.Code, foreign.Body)
	}
	if w := b.post("adminB", memberPage+"/event-attended", url.Values{"applied": {"true"}, "cause": {"x"}}); w.Code != 404 || len(b.vendor.byHand()) != 0 {
		t.Errorf("%d", w.Code)
	}
}
