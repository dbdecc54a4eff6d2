package hubspottest_test

import (
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// The new filter reads what is there when it is processed; an older version of a
// contact that comes due later does not undo that.
func TestRebuiltListIgnoresOlderVersions(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now, ListLag: 10 * time.Second}).withGroups()
	ada := b.putContact("ada@example.org", "groups", "board")
	l := b.portal.PutList(hubspottest.List{Name: "Board", Type: "DYNAMIC", Filter: asJSON(t, anyOf("board"))})
	now.forward(10 * time.Second)
	b.call("PUT", lists+"/"+l.ID+"/update-list-filters", input{"filterBranch": anyOf("board", "youth")}).want(200)
	now.forward(5 * time.Second)
	b.portal.EditContact(ada, map[string]string{"groups": ""}) // due 5 s after the new filter
	b.call("GET", lists+"/"+l.ID, nil).want(200)
	now.forward(time.Second)
	b.portal.EditContact(ada, map[string]string{"groups": "youth"}) // due 1 s later
	now.forward(4 * time.Second)
	for range 7 {
		if got := b.portal.ListMembers(l.ID); !slices.Equal(got, []string{ada}) {
			t.Fatalf("members %v", got)
		}
		now.forward(time.Second)
	}
}

// A batch that is rejected moves nobody.
func TestRejectedBatchMovesNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{SearchLag: -1}).withGroups().withMemberID()
	ada := b.putContact("ada@example.org", "groups", "board")
	l := b.portal.PutList(hubspottest.List{Name: "Board", Type: "DYNAMIC", Filter: asJSON(t, anyOf("board"))})
	bad := person("2", "nonsense", "")
	b.call("POST", contacts+"/batch/update", inputs(
		input{"id": ada, "properties": input{"groups": ""}}, input{"id": ada + "x", "properties": input{"email": "x"}},
	)).want(207) // an unknown id does not reject the batch
	if got := b.portal.ListMembers(l.ID); len(got) != 0 {
		t.Fatalf("members %v", got)
	}
	in := person("1", "bea@example.org", "")
	in["properties"] = input{"email": "bea@example.org", "groups": "board"}
	b.call("POST", contacts+"/batch/upsert", inputs(in, bad)).want(400)
	if got := b.portal.ListMembers(l.ID); len(got) != 0 || b.portal.Count("contacts") != 1 {
		t.Fatalf("members %v", got)
	}
}

// The survivor of a merge takes the places of both in lists made by hand.
func TestMergeInLists(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{SearchLag: -1})
	ada, bea := b.putContact("ada@example.org"), b.putContact("bea@example.org")
	one := b.portal.PutList(hubspottest.List{Name: "One", Members: []string{ada}})
	two := b.portal.PutList(hubspottest.List{Name: "Two", Members: []string{bea}})
	id := b.portal.MergeContacts(ada, bea)
	for _, l := range []hubspottest.List{one, two} {
		if got := b.portal.ListMembers(l.ID); !slices.Equal(got, []string{id}) {
			t.Errorf("%s: %v, want %s", l.Name, got, id)
		}
	}
}
