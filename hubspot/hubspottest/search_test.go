package hubspottest_test

import (
	"fmt"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func where(property, operator string, more ...any) map[string]any {
	f := input{"propertyName": property, "operator": operator}
	for i := 0; i+1 < len(more); i += 2 {
		f[more[i].(string)] = more[i+1]
	}
	return map[string]any{"properties": []string{"email"}, "limit": 100, "filterGroups": []any{map[string]any{"filters": []any{f}}}}
}

func (a answer) emails() []string {
	out := []string{}
	for i := range a.count("results") {
		out = append(out, a.text("results", i, "properties", "email"))
	}
	return out
}

func TestSearchOperators(t *testing.T) {
	t.Parallel()
	b := setupPortal(t, hubspottest.Options{SearchLag: -1, Now: stepping()}, hubspottest.Portal{ID: 1, Token: testToken, MaxPerWindow: 1000}).withTypes()
	b.portal.PutContact(map[string]string{"email": "ada@one.org", "a_number": "5", "a_list": "x;y", "city": "New York", "a_date": "2026-01-01"})
	b.portal.PutContact(map[string]string{"email": "bea@two.org", "a_number": "12", "a_list": "z", "city": "York"})
	b.portal.PutContact(map[string]string{"email": "cyd@two.org", "hs_additional_emails": "second@two.org"})
	for _, tc := range []struct {
		query map[string]any
		want  []string
	}{
		{where("email", "EQ", "value", "ADA@one.org"), []string{"ada@one.org"}},
		{where("email", "NEQ", "value", "ada@one.org"), []string{"bea@two.org", "cyd@two.org"}},
		{where("email", "IN", "values", []string{"ada@one.org", "bea@two.org", "x"}), []string{"ada@one.org", "bea@two.org"}},
		{where("email", "NOT_IN", "values", []string{"ada@one.org", "bea@two.org"}), []string{"cyd@two.org"}},
		{where("email", "CONTAINS_TOKEN", "value", "*two*"), []string{"bea@two.org", "cyd@two.org"}},
		{where("city", "CONTAINS_TOKEN", "value", "york"), []string{"ada@one.org", "bea@two.org"}},
		{where("city", "NOT_CONTAINS_TOKEN", "value", "new"), []string{"bea@two.org", "cyd@two.org"}},
		{where("city", "HAS_PROPERTY"), []string{"ada@one.org", "bea@two.org"}},
		{where("city", "NOT_HAS_PROPERTY"), []string{"cyd@two.org"}},
		{where("a_number", "GT", "value", "5"), []string{"bea@two.org"}},
		{where("a_number", "GTE", "value", "5"), []string{"ada@one.org", "bea@two.org"}},
		{where("a_number", "LT", "value", "12"), []string{"ada@one.org"}},
		{where("a_number", "LTE", "value", "12"), []string{"ada@one.org", "bea@two.org"}},
		{where("a_number", "BETWEEN", "value", "4", "highValue", "6"), []string{"ada@one.org"}},
		{where("a_list", "EQ", "value", "y"), []string{"ada@one.org"}},
		{where("a_date", "LT", "value", "1795392000000"), []string{"ada@one.org"}},
		{where("hs_additional_emails", "EQ", "value", "second@two.org"), []string{"cyd@two.org"}},
		{map[string]any{"query": "york bea", "properties": []string{"email"}}, []string{}},
		{map[string]any{"query": "BEA", "properties": []string{"email"}}, []string{"bea@two.org"}},
	} {
		got := b.call("POST", contacts+"/search", tc.query).want(200).emails()
		sort.Strings(got)
		if !slices.Equal(got, tc.want) {
			t.Fatalf("%v found %v, want %v", tc.query, got, tc.want)
		}
	}
}

// stepping is a clock that moves a second with every look: searches never meet their
// limit.
func stepping() func() time.Time {
	c := newClock("2026-11-23T10:00:00Z")
	return func() time.Time {
		c.forward(time.Second)
		return c.Now()
	}
}

func TestSearchLagsBehindWrites(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now, SearchLag: 10 * time.Second})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "city": "Bern"}).ID
	in := func(city string) float64 {
		n, _ := b.call("POST", contacts+"/search", where("city", "EQ", "value", city)).want(200).at("total").(float64)
		return n
	}
	now.forward(9 * time.Second)
	if in("Bern") != 0 {
		t.Fatal("search sees a write at once")
	}
	now.forward(time.Second)
	b.portal.EditContact(id, map[string]string{"city": "Basel"})
	if in("Bern") != 1 || in("Basel") != 0 {
		t.Fatal("search does not lag behind the change")
	}
	b.portal.EditContact(id, map[string]string{"city": "Chur"})
	now.forward(5 * time.Second)
	b.portal.EditContact(id, map[string]string{"city": "Davos"})
	now.forward(5 * time.Second)
	if in("Bern") != 0 || in("Chur") != 1 {
		t.Fatal("search must see the version that is older than the lag")
	}
	b.portal.ArchiveContact(id)
	a := b.call("POST", contacts+"/search", where("city", "EQ", "value", "Chur")).want(200)
	if a.at("total") != 1.0 || a.count("results") != 0 {
		t.Fatalf("a contact that is gone is counted and not shown: %s", a.raw)
	}
}

func TestSearchPagesAndBounds(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{SearchLag: -1, Now: stepping()})
	for i := range 5 {
		b.portal.PutContact(map[string]string{"email": fmt.Sprintf("p%d@example.org", i)})
	}
	for _, sort := range []any{input{"propertyName": "email", "direction": "DESCENDING"}, "email"} {
		first := b.call("POST", contacts+"/search", map[string]any{"limit": 2, "sorts": []any{sort}, "properties": []string{"email"}}).want(200)
		want := "p4@example.org"
		if sort == "email" {
			want = "p0@example.org"
		}
		first.wantText(want, "results", 0, "properties", "email").wantText("2", "paging", "next", "after")
	}
	last := b.call("POST", contacts+"/search", map[string]any{"limit": 2, "after": "4"}).want(200)
	if last.count("results") != 1 || last.at("paging") != nil || last.at("total") != 5.0 {
		t.Fatalf("%s", last.raw)
	}
	group := map[string]any{"filters": []any{}}
	many := func(n int, v any) []any { return slices.Repeat([]any{v}, n) }
	f := input{"propertyName": "email", "operator": "HAS_PROPERTY"}
	for _, bad := range []map[string]any{
		{"limit": 201}, {"limit": 200, "after": "9900"}, {"after": "x"}, {"filterGroups": many(6, group)},
		{"filterGroups": []any{map[string]any{"filters": many(7, f)}}}, {"filterGroups": many(4, map[string]any{"filters": many(5, f)})},
		where("nope", "EQ", "value", "1"), where("email", "LIKE", "value", "1"), {"sorts": []any{"nope"}}, {"query": string(make([]byte, 3000))},
	} {
		b.call("POST", contacts+"/search", bad).want(400)
	}
}
