package members_test

import (
	"fmt"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

func TestList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		_, err := b.mod.Create(t.Context(), b.one, members.Patch{
			"firstName": "Kim", "lastName": fmt.Sprintf("Lee%d", i), "email": fmt.Sprintf("kim_%d@example.org", i),
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	pending, err := b.mod.Create(t.Context(), b.one, members.Patch{"firstName": "Per", "lastName": "100%", "status": "pending"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.add(t, b.two, "kim_9@example.org")
	for name, c := range map[string]struct {
		q     members.Query
		total int
		rows  int
	}{
		"all":                      {members.Query{}, 6, 6},
		"first page":               {members.Query{ItemsPerPage: 4}, 6, 4},
		"last page":                {members.Query{ItemsPerPage: 4, Page: 2}, 6, 2},
		"beyond the end":           {members.Query{Page: 9}, 6, 0},
		"by name":                  {members.Query{Search: "kim lee3"}, 1, 1},
		"by address":               {members.Query{Search: "KIM_3@"}, 1, 1},
		"a wildcard is a letter":   {members.Query{Search: "%"}, 1, 1},
		"an underscore is one too": {members.Query{Search: "kim1"}, 0, 0},
		"by id":                    {members.Query{Search: pending.ID}, 1, 1},
		"by status":                {members.Query{Status: "pending"}, 1, 1},
		"control letters":          {members.Query{Search: "Lee3\x00"}, 1, 1},
		"a huge page":              {members.Query{ItemsPerPage: 100_000}, 6, 6},
	} {
		page, err := b.mod.List(t.Context(), b.one, c.q)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if page.Total != c.total || len(page.Members) != c.rows {
			t.Errorf("%s: %d of %d, want %d of %d", name, len(page.Members), page.Total, c.rows, c.total)
		}
	}
	recent, err := b.mod.List(t.Context(), b.one, members.Query{Recent: true, ItemsPerPage: 1})
	if err != nil || recent.Members[0].ID != pending.ID {
		t.Errorf("the last change is not first: %v", err)
	}
}

func TestBulk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 7 {
		b.add(t, b.one, fmt.Sprintf("m%d@example.org", i))
	}
	foreign := b.add(t, b.two, "")
	got, err := b.mod.ChangeMany(t.Context(), b.one, members.Bulk{Members: 5, PerTransaction: 2})
	if err != nil || got.Changed != 5 || got.Transactions != 3 {
		t.Fatalf("got %+v, %v; want 5 in 3 transactions", got, err)
	}
	if got, err = b.mod.ChangeMany(t.Context(), b.one, members.Bulk{Members: 100, Field: "city", Value: "Hobart"}); err != nil || got.Changed != 7 {
		t.Fatalf("got %+v, %v; want all 7", got, err)
	}
	page, err := b.mod.List(t.Context(), b.one, members.Query{})
	if err != nil {
		t.Fatal(err)
	}
	records, positions := 0, 0
	recorded := b.recorded(t)
	for _, m := range page.Members {
		records += recorded[m.ID]
		if m.Position != "" {
			positions++
		}
		if m.City != "Hobart" {
			t.Errorf("a member was left out")
		}
	}
	if records != 7+5+7 || positions != 5 {
		t.Errorf("%d records and %d positions, want 19 and 5", records, positions)
	}
	if other, err := b.mod.Get(t.Context(), b.two, foreign.ID); err != nil || other.City != "" {
		t.Errorf("a bulk change reached another client: %v", err)
	}
	for name, bulk := range map[string]members.Bulk{
		"members": {}, "field": {Members: 1, Field: "email"}, "perTransaction": {Members: 1, PerTransaction: -1},
	} {
		_, err := b.mod.ChangeMany(t.Context(), b.one, bulk)
		wantProblem(t, err, 422, name)
	}
}
