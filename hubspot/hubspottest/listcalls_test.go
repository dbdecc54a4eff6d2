package hubspottest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestListNames(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now})
	id := b.call("POST", lists, newList("A/B: board", "MANUAL", nil)).want(200).wantText("A/B: board", "list", "name").text("list", "listId")
	b.call("POST", lists, newList("a/b: BOARD", "MANUAL", nil)).want(400).
		wantText("VALIDATION_ERROR", "category").wantText("ILS.DUPLICATE_LIST_NAMES", "subCategory")
	byName := lists + "/object-type-id/0-1/name/a%2Fb:%20board"
	b.call("GET", byName, nil).want(200).wantText(id, "list", "listId")
	b.call("GET", strings.Replace(byName, "0-1", "0-2", 1), nil).want(404).wantText("OBJECT_NOT_FOUND", "category")
	b.call("PUT", lists+"/"+id+"/update-list-name?listName=Board", nil).want(200).wantText("Board", "updatedList", "name")
	b.call("GET", byName, nil).want(404)
	b.call("POST", lists, newList("a/b: board", "MANUAL", nil)).want(200)
	b.call("PUT", lists+"/"+id+"/update-list-name?listName=A/B:%20BOARD", nil).want(400).wantText("ILS.DUPLICATE_LIST_NAMES", "subCategory")
	b.call("PUT", lists+"/"+id+"/update-list-name?listName=BOARD", nil).want(200) // its own name in another case

	// A deleted list gives its name away and comes back while the name is free.
	b.call("DELETE", lists+"/"+id, nil).want(204)
	b.call("GET", lists+"/"+id, nil).want(404)
	b.call("DELETE", lists+"/"+id, nil).want(404)
	other := b.call("POST", lists, newList("board", "MANUAL", nil)).want(200).text("list", "listId")
	b.call("PUT", lists+"/"+id+"/restore", nil).want(400).wantText("ILS.DUPLICATE_LIST_NAMES", "subCategory")
	b.call("DELETE", lists+"/"+other, nil).want(204)
	b.call("PUT", lists+"/"+id+"/restore", nil).want(204)
	b.call("GET", lists+"/"+id, nil).want(200).wantText("BOARD", "list", "name")
	now.forward(90 * 24 * time.Hour)
	b.call("PUT", lists+"/"+id+"/restore", nil).want(204) // alive: nothing to do
	b.call("PUT", lists+"/"+other+"/restore", nil).want(404)
	b.call("PUT", lists+"/77/restore", nil).want(404)
}

func TestDeletedListThatKeepsItsName(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now, DeletedListKeepsName: true})
	b.portal.DeleteList(b.portal.PutList(hubspottest.List{Name: "Board"}).ID)
	b.call("POST", lists, newList("Board", "MANUAL", nil)).want(400).wantText("ILS.DUPLICATE_LIST_NAMES", "subCategory")
	now.forward(90 * 24 * time.Hour)
	b.call("POST", lists, newList("Board", "MANUAL", nil)).want(200)
}

func TestListLimit(t *testing.T) {
	t.Parallel()
	for forbidden, want := range map[bool]int{false: http.StatusBadRequest, true: http.StatusForbidden} {
		b := setupPortal(t, hubspottest.Options{ListLimitForbidden: forbidden}, hubspottest.Portal{ID: 1, Token: testToken, MaxLists: 1})
		id := b.call("POST", lists, newList("One", "MANUAL", nil)).want(200).text("list", "listId")
		b.call("POST", lists, newList("Two", "MANUAL", nil)).want(want).
			wantText("VALIDATION_ERROR", "category").wantText("ILS.LIST_LIMIT_EXCEEDED", "subCategory")
		b.call("PUT", lists+"/"+id+"/update-list-name?listName=Uno", nil).want(200)
		b.call("DELETE", lists+"/"+id, nil).want(204)
		b.call("POST", lists, newList("Two", "MANUAL", nil)).want(200)
		b.call("PUT", lists+"/"+id+"/restore", nil).want(want)
	}
}

func TestListsInAllVersions(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/crm/v3/lists", "/crm/lists/2026-03", "/crm/lists/2026-09"} {
		b := setup(t, hubspottest.Options{SearchLag: -1})
		ada := b.putContact("ada@example.org")
		id := b.call("POST", root, newList("Board", "MANUAL", nil)).want(200).wantText("0-1", "list", "objectTypeId").text("list", "listId")
		b.call("PUT", root+"/"+id+"/memberships/add", []string{ada}).want(200)
		if a := b.call("GET", root+"/"+id, nil).want(200); a.at("list", "size") != 1.0 {
			t.Fatalf("%s", a.raw)
		}
		if a := b.call("GET", root+"/?listIds="+id+"&listIds=99", nil).want(200); a.count("lists") != 1 {
			t.Fatalf("%s", a.raw)
		}
		b.call("POST", root, newList("Choir", "MANUAL", nil)).want(200)
		search := input{"query": "BOA", "offset": 0, "count": 10, "listIds": []string{}, "processingTypes": []string{}, "additionalProperties": []string{}}
		b.call("POST", root+"/search", search).want(200).wantText(id, "lists", 0, "listId").
			wantText("1", "lists", 0, "additionalProperties", "hs_list_size")
		search["query"], search["count"] = "", 1
		a := b.call("POST", root+"/search", search).want(200)
		if a.at("hasMore") != true || a.at("offset") != 1.0 || a.at("total") != 2.0 {
			t.Fatalf("%s", a.raw)
		}
		search["offset"] = 1
		b.call("POST", root+"/search", search).want(200).wantText("Choir", "lists", 0, "name")
		search["offset"], search["processingTypes"] = 0, []string{"DYNAMIC"}
		if a := b.call("POST", root+"/search", search).want(200); a.count("lists") != 0 {
			t.Fatalf("%s", a.raw)
		}
	}
}

// A list is created with the write scope alone; every other write wants both.
func TestListScopes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	as := func(scopes ...string) *bench {
		one := *b
		one.token = strings.Join(scopes, "+")
		b.portal.AddToken(one.token, scopes...)
		return &one
	}
	write, read, both := as("crm.lists.write"), as("crm.lists.read"), as("crm.lists.read", "crm.lists.write")
	id := write.call("POST", lists, newList("Board", "MANUAL", nil)).want(200).text("list", "listId")
	read.call("POST", lists, newList("Choir", "MANUAL", nil)).want(403)
	write.call("GET", lists+"/"+id, nil).want(403)
	read.call("GET", lists+"/"+id, nil).want(200)
	add := lists + "/" + id + "/memberships/add"
	both.call("PUT", add, []string{"1"}).want(200)
	for _, one := range []*bench{read, write} {
		a := one.call("PUT", add, []string{"1"}).want(403).wantText("MISSING_SCOPES", "category")
		a.wantText("crm.lists.read", "errors", 0, "context", "requiredGranularScopes", 0).
			wantText("crm.lists.write", "errors", 0, "context", "requiredGranularScopes", 1)
	}
}
