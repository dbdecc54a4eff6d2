package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestLogQueries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for query, want := range map[string]integration.SyncQuery{
		"":                                 {Page: 1, ItemsPerPage: 30},
		"page=3&itemsPerPage=7":            {Page: 3, ItemsPerPage: 7},
		"entityType=company&status=failed": {EntityType: "company", Status: "failed", Page: 1, ItemsPerPage: 30},
		"itemsPerPage=5000":                {Page: 1, ItemsPerPage: 100},
		"page=99999999999":                 {Page: 1_000_000, ItemsPerPage: 30},
		"status=excluded&code=x&search=+y": {Status: "excluded", Code: "x", Search: "y", Page: 1, ItemsPerPage: 30},
	} {
		decode(t, b.ask("user", "GET", "/api/integrations/acme/sync-log?"+query, ""))
		if got := b.vendor.queries[len(b.vendor.queries)-1]; got != want {
			t.Errorf("%s: %+v", query, got)
		}
	}
	for query, key := range map[string]string{
		"page=0": "page", "page=-1": "page", "page=one": "page", "itemsPerPage=0": "itemsPerPage", "itemsPerPage=1e9": "itemsPerPage",
		"status=done": "status", "entityType=a+b": "entityType", "entityType=" + strings.Repeat("a", 33): "entityType", "entityType=%3Cb": "entityType", "search=" + strings.Repeat("a", 201): "search", "code=" + url.QueryEscape("a\x00"): "code", "page=99999999999999999999": "page",
	} {
		p := wantProblem(t, b.ask("user", "GET", "/api/integrations/acme/sync-log?"+query, ""), 400)
		if len(p.Errors[key]) == 0 {
			t.Errorf("%s: %v", query, p.Errors)
		}
		w := b.ask("user", "GET", pagesPath+"/acme/log?"+query, "")
		if w.Code != 400 {
			t.Errorf("page %s: %d", query, w.Code)
		}
		mustContain(t, w.Body.String(), fmt.Sprintf("<code>%s</code>", key))
	}
}
