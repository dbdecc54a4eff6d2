package hubspottest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const lists = "/crm/lists/2026-03"

// withGroups defines a multi-checkbox property, as the sync does.
func (b *bench) withGroups() *bench {
	b.t.Helper()
	b.call("POST", "/crm/properties/2026-03/contacts", choice("groups", "board", "choir", "youth")).want(http.StatusCreated)
	return b
}

// anyOf is the filter that the groups of a contact hold one of the values.
func anyOf(values ...string) input {
	return orOf(input{"filterType": "PROPERTY", "property": "groups", "operation": input{
		"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": values, "includeObjectsWithNoValueSet": false,
	}})
}

func orOf(filters ...input) input {
	return input{"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": []input{}, "filterBranches": []input{
		{"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": []input{}, "filters": filters},
	}}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func newList(name, kind string, filter input) input {
	in := input{"name": name, "objectTypeId": "0-1", "processingType": kind}
	if filter != nil {
		in["filterBranch"] = filter
	}
	return in
}

func (b *bench) putContact(email string, more ...string) string {
	props := map[string]string{"email": email}
	for i := 0; i+1 < len(more); i += 2 {
		props[more[i]] = more[i+1]
	}
	return b.portal.PutContact(props).ID
}

// A DYNAMIC list follows the values of its contacts, always the lag behind.
func TestDynamicListFollows(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now, ListLag: 10 * time.Second}).withGroups()
	ada := b.putContact("ada@example.org", "groups", "board;choir")
	bea := b.putContact("bea@example.org", "groups", "choir")
	a := b.call("POST", lists, newList("Board", "DYNAMIC", anyOf("board"))).want(200).wantText("PROCESSING", "list", "processingStatus")
	id := a.text("list", "listId")
	members := func(want ...string) {
		t.Helper()
		if got := b.portal.ListMembers(id); !slices.Equal(got, want) {
			t.Fatalf("members %v, want %v", got, want)
		}
	}
	members()
	now.forward(10 * time.Second)
	members(ada)
	b.call("GET", lists+"/"+id, nil).want(200).wantText("COMPLETE", "list", "processingStatus")

	b.call("PATCH", contacts+"/"+bea, input{"properties": input{"groups": ";board"}}).want(200)
	now.forward(9 * time.Second)
	members(ada)
	b.portal.EditContact(ada, map[string]string{"groups": "choir"})
	now.forward(time.Second)
	members(ada, bea)
	now.forward(9 * time.Second)
	members(bea)

	// A deleted contact leaves at once, and a change of the filter counts after the lag.
	b.portal.ArchiveContact(bea)
	members()
	b.call("PUT", lists+"/"+id+"/update-list-filters", input{"filterBranch": anyOf("choir", "youth")}).want(200).
		wantText("PROCESSING", "updatedList", "processingStatus")
	members()
	now.forward(10 * time.Second)
	members(ada)
	a = b.call("GET", lists+"/"+id+"/memberships", nil).want(200).wantText(ada, "results", 0, "recordId")
	a.wantText("2026-11-23T10:00:39Z", "results", 0, "membershipTimestamp")
	b.call("PUT", lists+"/"+id+"/memberships/add", []string{ada}).want(400).wantText("VALIDATION_ERROR", "category")
}

func TestSnapshotListIsBuiltOnce(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now}).withGroups()
	ada := b.putContact("ada@example.org", "groups", "board")
	bea := b.putContact("bea@example.org")
	id := b.call("POST", lists, newList("Once", "SNAPSHOT", anyOf("board"))).want(200).text("list", "listId")
	b.call("PUT", lists+"/"+id+"/memberships/add", []string{bea}).want(400)
	now.forward(5 * time.Second)
	b.call("PUT", lists+"/"+id+"/memberships/add", []string{bea}).want(200)
	b.portal.EditContact(ada, map[string]string{"groups": ""})
	now.forward(time.Minute)
	if got := b.portal.ListMembers(id); !slices.Equal(got, []string{ada, bea}) {
		t.Fatalf("members %v", got)
	}
}
