package console_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	matchingPath = "/api/integrations/acme/matching"
	decideBoth   = `{"decisions":[{"organizationId":"` + orgOne + `","companyId":"501"},{"organizationId":"` + orgThree + `","companyId":null}]}`
)

func TestGetMatching(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	w := b.ask("impersonator", "GET", matchingPath, "")
	doc := decode(t, w)
	if doc["open"] != true || doc["total"] != 12.0 || doc["searched"] != 9.0 || len(doc["proposals"].([]any)) != 3 {
		t.Errorf("%v", doc)
	}
	mustContain(t, w.Body.String(), `"suggested":"501"`, `"by":"name and domain"`, `"candidates":[]`)
	mustContain(t, b.ask("adminB", "GET", matchingPath, "").Body.String(), `"proposals":[]`)
}

func TestDecideMatches(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	doc := decode(t, b.ask("admin", "POST", matchingPath, decideBoth))
	if left := doc["proposals"].([]any); len(left) != 1 {
		t.Errorf("%v", doc)
	}
	want := []integration.MatchDecision{{OrganizationID: orgOne, CompanyID: "501"}, {OrganizationID: orgThree}}
	if got := b.vendor.decisions(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v", got)
	}
	r := b.journal.all()[1]
	if r.Action != "update" || r.Changes["organization."+orgOne].New != "company 501" || r.Changes["organization."+orgThree].New != "a new company" || r.Changes["matched"].New != "2" {
		t.Errorf("%+v", r)
	}
	// Decided is decided, even if it cannot be shown after that.
	b.vendor.matchErr = errors.New("gone")
	if doc := decode(t, b.ask("admin", "POST", matchingPath, `{"decisions":[{"organizationId":"`+orgTwo+`","companyId":"503"}]}`)); doc["decided"] != 1.0 {
		t.Errorf("%v", doc)
	}
}

func TestDecisionsAreAppliedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		who, body string
		arrange   func(*bench)
		status    int
		key       string
	}{
		"nothing":                  {"admin", `{"decisions":[]}`, nil, 422, "decisions"},
		"no body":                  {"admin", "", nil, 422, "decisions"},
		"not an array":             {"admin", `{"decisions":"all"}`, nil, 422, "decisions"},
		"another member":           {"admin", `{"decisions":[],"all":true}`, nil, 422, "all"},
		"a member that is unknown": {"admin", `{"decisions":[{"organizationId":"` + orgOne + `","companyId":"501","name":"x"}]}`, nil, 422, "decisions[0].name"},
		"a forgotten company":      {"admin", `{"decisions":[{"organizationId":"` + orgOne + `"}]}`, nil, 422, "decisions[0].companyId"},
		"a number":                 {"admin", `{"decisions":[{"organizationId":"` + orgOne + `","companyId":501}]}`, nil, 422, "decisions[0].companyId"},
		"no organization":          {"admin", `{"decisions":[{"organizationId":"x","companyId":"501"}]}`, nil, 422, "x"},
		"one twice":                {"admin", `{"decisions":[{"organizationId":"` + orgOne + `","companyId":"501"},{"organizationId":"` + orgOne + `","companyId":""}]}`, nil, 422, orgOne},
		"two want one company":     {"admin", `{"decisions":[{"organizationId":"` + orgOne + `","companyId":"501"},{"organizationId":"` + orgTwo + `","companyId":"501"}]}`, nil, 422, orgTwo},
		"another tenant's":         {"adminB", decideBoth, nil, 422, orgOne},
		"the plugin refuses":       {"admin", decideBoth, func(b *bench) { b.vendor.decideErr = integration.FieldErrors{orgOne: {"No proposal names it."}} }, 422, orgOne},
		"not connected":            {"admin", decideBoth, func(b *bench) { b.vendor.decideErr = integration.ErrNotConnected }, 409, ""},
		"COMMIT":                   {"admin", decideBoth, func(b *bench) { b.ledger.failCommit = errors.New("boom") }, 503, ""},
		"the audit log":            {"admin", decideBoth, func(b *bench) { b.journal.down = errors.New("boom") }, 503, ""},
		"malformed":                {"admin", `{"decisions":[{"companyId":"1","companyId":"2"}]}`, nil, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t).connected()
			audits := len(b.journal.all())
			if tc.arrange != nil {
				tc.arrange(b)
			}
			p := wantProblem(t, b.ask(tc.who, "POST", matchingPath, tc.body), tc.status)
			if tc.key != "" && len(p.Errors[tc.key]) == 0 {
				t.Errorf("%v", p.Errors)
			}
			if len(b.vendor.decisions()) != 0 || len(b.journal.all()) != audits {
				t.Error("something was decided")
			}
		})
	}
}
