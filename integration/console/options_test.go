package console_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// chooser is a plugin with choices: a fixed set, and one for each tenant.
type chooser struct {
	*vendor
	plans map[string][]integration.Option
	asked []string
	err   error
}

func (c *chooser) Options(_ context.Context, clientID, key string) ([]integration.Option, error) {
	c.asked = append(c.asked, clientID+" "+key)
	return c.plans[clientID], c.err
}

var _ integration.OptionLister = (*chooser)(nil)

// withChoices is a bench whose plugin offers choices, connected.
func withChoices(t *testing.T) (*bench, *chooser) {
	t.Helper()
	b := setup(t)
	c := &chooser{vendor: b.vendor, plans: map[string][]integration.Option{
		tenantA: {{Value: "gold", Label: "Gold plan"}, {Value: "silver", Label: "Silver <plan>"}, {Value: "a,b", Label: "Two values of one"}},
		tenantB: {{Value: "secret-plan", Label: "Plan of another tenant"}},
	}}
	c.spec.Schema.Sections = append(c.spec.Schema.Sections, integration.Section{Key: "who", Title: "Who is sent", Fields: []integration.Field{
		{Key: "statuses", Label: "Statuses", Type: integration.TypeChoices, Default: "active",
			Options: []integration.Option{{Value: "active", Label: "Active"}, {Value: "pending", Label: "Pending"}, {Value: "inactive", Label: "Inactive"}}},
		{Key: "plans", Label: "Plans", Help: "None means all.", Type: integration.TypeChoices},
	}})
	b.serve(c)
	return b.connected(), c
}

func box(value string, checked bool) string {
	mark := ""
	if checked {
		mark = " checked"
	}
	return `value="` + value + `"` + mark + `><span>`
}

func TestChoicesByForm(t *testing.T) {
	t.Parallel()
	b, c := withChoices(t)
	page := b.page("admin", "GET", "/acme/settings").Body.String()
	mustContain(t, page, "<legend class=\"ic-label\">Statuses", box("active", true), box("pending", false), "Gold plan", "Silver &lt;plan&gt;", `type="hidden" name="set.plans" value=""`,
		`aria-describedby="error-plans help-plans"`)
	mustNotContain(t, page, "Plan of another tenant", "Two values of one")
	save := func(form url.Values) { // hidden field first, as in the form
		t.Helper()
		if w := b.post("admin", acmePage+"/settings", form); w.Code != 303 || w.Header().Get("Location") != acmePage+"/settings?done=settings" {
			t.Fatalf("%d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	save(url.Values{"set.statuses": {"", "pending", "active"}, "set.plans": {"", "silver"}})
	if s := b.drawer.get(tenantA).Settings; s.Text("statuses") != "active,pending" || s.Text("plans") != "silver" || !slices.Equal(c.liveOf(tenantA).Chosen("plans"), []string{"silver"}) {
		t.Errorf("%v", s.Plain())
	}
	mustContain(t, b.page("admin", "GET", "/acme/settings").Body.String(), box("silver", true), box("gold", false), box("pending", true))
	// Nothing ticked is nothing chosen, not the default, now and later.
	save(url.Values{"set.statuses": {""}, "set.plans": {""}})
	save(url.Values{"set.gone": {"archive"}})
	if s := b.drawer.get(tenantA).Settings; len(s.Chosen("statuses")) != 0 || len(s.Chosen("plans")) != 0 {
		t.Errorf("%v", s.Plain())
	}
	mustContain(t, b.page("admin", "GET", "/acme/settings").Body.String(), box("active", false))
}

func TestWhatIsNoLongerOfferedStaysChosen(t *testing.T) {
	t.Parallel()
	b, c := withChoices(t)
	b.post("admin", acmePage+"/settings", url.Values{"set.plans": {"", "gold", "silver"}})
	c.plans[tenantA] = c.plans[tenantA][:1]
	mustContain(t, b.page("admin", "GET", "/acme/settings").Body.String(), box("gold", true)+"Gold plan", box("silver", true)+"silver", "no longer offered")
	if w := b.post("admin", acmePage+"/settings", url.Values{"set.plans": {"", "gold", "silver"}}); w.Code != 303 || b.drawer.get(tenantA).Settings.Text("plans") != "gold,silver" {
		t.Errorf("%d: %v", w.Code, b.drawer.get(tenantA).Settings.Plain())
	}
	// What the tenant is not offered cannot be chosen, another tenant's included.
	for _, value := range []string{"secret-plan", "nothing"} {
		w := b.post("admin", acmePage+"/settings", url.Values{"set.plans": {"", "gold", value}, "set.gone": {"archive"}})
		if w.Code != 422 {
			t.Fatalf("%s: %d", value, w.Code)
		}
		mustContain(t, w.Body.String(), `<a href="#field-plans">Plans</a>: Plans has a value that is not one of the choices.`, `value="archive" selected`, box(value, true))
	}
	// A list that cannot be read hides nothing and loses nothing.
	c.err = errors.New("dial tcp: refused")
	w := b.page("admin", "GET", "/acme/settings")
	mustContain(t, w.Body.String(), box("gold", true), box("silver", true), "The list cannot be read just now")
	mustNotContain(t, w.Body.String(), "no longer offered", "dial tcp")
	if w := b.post("admin", acmePage+"/settings", url.Values{"set.plans": {"", "gold"}}); w.Code != 303 {
		t.Errorf("taking one away: %d", w.Code)
	}
	wantProblem(t, b.ask("admin", "PUT", settingsPath, `{"plans":["gold","silver"]}`), 503)
}

func TestChoicesInJSON(t *testing.T) {
	t.Parallel()
	b, _ := withChoices(t)
	for body, want := range map[string]string{`{"statuses":"inactive, active"}`: "[active inactive]", `{"statuses":["pending","active"]}`: "[active pending]",
		`{"statuses":[]}`: "[]", `{"statuses":""}`: "[]", `{"statuses":null}`: "[]"} {
		doc := decode(t, b.ask("admin", "PUT", settingsPath, body))
		got, ok := doc["statuses"].([]any)
		if !ok || "["+strings.Join(texts(got), " ")+"]" != want {
			t.Errorf("%s: %v", body, doc["statuses"])
		}
	}
	for _, body := range []string{`{"statuses":["nobody"]}`, `{"statuses":[1]}`, `{"statuses":["active,pending"]}`, `{"statuses":[["active"]]}`, `{"statuses":{"active":true}}`, `{"statuses":[null]}`, `{"gone":["keep"]}`} {
		p := wantProblem(t, b.ask("admin", "PUT", settingsPath, body), 422)
		if len(p.Errors["statuses"])+len(p.Errors["gone"]) != 1 {
			t.Errorf("%s: %v", body, p.Errors)
		}
	}
}

func texts(list []any) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.(string))
	}
	return out
}
