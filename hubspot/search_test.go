package hubspot_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func byName(operator, value string) hubspot.SearchQuery {
	return hubspot.SearchQuery{
		Groups:     [][]hubspot.Filter{{{Property: "name", Operator: operator, Value: value}}},
		Sorts:      []hubspot.Sort{{Property: "name", Descending: true}},
		Properties: []string{"name", "domain"},
	}
}

func TestSearchCompanies(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{SearchLag: -1}, version)
		for i := range 5 {
			b.portal.PutRecord("companies", map[string]string{"name": fmt.Sprintf("Acme %d", i), "domain": "acme.example"})
		}
		b.portal.PutRecord("companies", map[string]string{"name": "Globex"})
		q := byName("CONTAINS_TOKEN", "acme")
		q.Limit = 3
		first, err := b.client.Search(t.Context(), hubspot.Companies, q)
		if err != nil || first.Total != 5 || len(first.Records) != 3 || first.Records[0].Properties["name"] != "Acme 4" || first.Records[0].Properties["domain"] != "acme.example" {
			t.Fatalf("%+v, error %v", first, err)
		}
		q.After = first.After
		rest, err := b.client.Search(t.Context(), hubspot.Companies, q)
		if err != nil || len(rest.Records) != 2 || rest.After != "" || rest.Records[1].Properties["name"] != "Acme 0" {
			t.Fatalf("%+v, error %v", rest, err)
		}
		words, err := b.client.Search(t.Context(), hubspot.Companies, hubspot.SearchQuery{Words: "glob"})
		if err != nil || words.Total != 1 || words.Records[0].ID == "" {
			t.Errorf("%+v, error %v", words, err)
		}
		b.portal.AddToken("narrow", "crm.objects.contacts.read")
		narrow := against(t, b.sim.ServeHTTP, version, func(c *hubspot.Config) { c.Token = func() string { return "narrow" } })
		_, err = narrow.Search(t.Context(), hubspot.Companies, q)
		if e := wantError(t, err); !hubspot.IsMissingScopes(e) || !slices.Contains(e.Scopes, "crm.objects.companies.read") {
			t.Errorf("%+v", e)
		}
	})
}

// Five a second is HubSpot's limit for the whole account; its replies do not tell it.
func TestSearchesArePaced(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		start := time.Now()
		inParallel(20, func(int) {
			if _, err := b.client.Search(t.Context(), hubspot.Companies, byName("EQ", "acme")); err != nil {
				t.Error(err)
			}
		})
		for _, r := range b.sim.Requests() {
			if r.Status == http.StatusTooManyRequests {
				t.Fatal("HubSpot had to refuse a search")
			}
		}
		if took := time.Since(start); took > 6*time.Second {
			t.Errorf("took %v", took)
		}
	}, patient)
}

// Others search with keys of their own: the refusal is waited for, and other calls go on.
func TestSearchLimitOfTheAccount(t *testing.T) {
	t.Parallel()
	timeless(t, portalSpec(), func(t *testing.T, b bench) {
		if _, err := b.client.AccountDetails(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.sim.Inject(hubspottest.Fault{PathContains: "/search", Times: 1, Status: 429, Body: `{"policyName":"SECONDLY","category":"RATE_LIMITS"}`})
		start := time.Now()
		done := make(chan error, 1)
		go func() {
			_, err := b.client.Search(t.Context(), hubspot.Companies, byName("EQ", "acme"))
			done <- err
		}()
		pass(10 * time.Millisecond)
		if _, err := b.client.AccountDetails(t.Context()); err != nil || time.Since(start) > 100*time.Millisecond {
			t.Errorf("another call waited %v, error %v", time.Since(start), err)
		}
		if err := <-done; err != nil || time.Since(start) < time.Second || time.Since(start) > 2*time.Second {
			t.Errorf("the search took %v, error %v", time.Since(start), err)
		}
	})
}

func TestSearchesRefusedBeforeTheNetwork(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	filters := func(n int) []hubspot.Filter { return make([]hubspot.Filter, n) }
	for name, c := range map[string]struct {
		q    hubspot.SearchQuery
		want error
	}{
		"groups":     {hubspot.SearchQuery{Groups: make([][]hubspot.Filter, 6)}, hubspot.ErrTooManyInputs},
		"one group":  {hubspot.SearchQuery{Groups: [][]hubspot.Filter{filters(7)}}, hubspot.ErrTooManyInputs},
		"all groups": {hubspot.SearchQuery{Groups: [][]hubspot.Filter{filters(6), filters(6), filters(6), filters(1)}}, hubspot.ErrTooManyInputs},
		"page":       {hubspot.SearchQuery{Limit: 201}, hubspot.ErrTooManyInputs},
		"negative":   {hubspot.SearchQuery{Limit: -1}, hubspot.ErrTooManyInputs},
		"too far":    {hubspot.SearchQuery{Limit: 200, After: "9801"}, hubspot.ErrTooManyInputs},
		"after":      {hubspot.SearchQuery{After: "x"}, hubspot.ErrInvalidInput},
		"length":     {byName("EQ", strings.Repeat("ä", 3000)), hubspot.ErrInvalidInput},
	} {
		if _, err := b.client.Search(t.Context(), hubspot.Companies, c.q); !errors.Is(err, c.want) || strings.Contains(err.Error(), "ä") {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := b.client.Search(t.Context(), "a b", hubspot.SearchQuery{}); !errors.Is(err, hubspot.ErrInvalidInput) {
		t.Error(err)
	}
	if n := len(b.sim.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	cl := answering(t, 200, "text/html", "<html>")
	if _, err := cl.Search(t.Context(), hubspot.Companies, hubspot.SearchQuery{}); wantError(t, err).Code != hubspot.CodeUnreadable {
		t.Error(err)
	}
}
