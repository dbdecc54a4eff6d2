package hubspottest_test

import (
	"slices"
	"sort"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func (a answer) texts(path ...any) []string {
	l, _ := a.at(path...).([]any)
	out := []string{}
	for _, v := range l {
		s, _ := v.(string)
		out = append(out, s)
	}
	sort.Strings(out)
	return out
}

func (a answer) wantMembers(added, removed, missing []string) {
	a.t.Helper()
	for name, want := range map[string][]string{"recordsIdsAdded": added, "recordIdsRemoved": removed, "recordIdsMissing": missing} {
		if got := a.texts(name); a.at(name) == nil || !slices.Equal(got, want) && len(got)+len(want) > 0 {
			a.t.Fatalf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestMemberships(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ada, bea, cyd := b.putContact("ada@example.org"), b.putContact("bea@example.org"), b.putContact("cyd@example.org")
	id := b.portal.PutList(hubspottest.List{Name: "Board"}).ID
	root := lists + "/" + id + "/memberships"
	b.call("PUT", root+"/add", []string{ada, bea, "7", ada, "7"}).want(200).wantMembers([]string{ada, bea}, nil, []string{"7"})
	b.call("PUT", root+"/add", []string{ada}).want(200).wantMembers(nil, nil, nil) // a member is ignored
	b.call("PUT", root+"/add-and-remove", input{"recordIdsToAdd": []string{cyd, bea}, "recordIdsToRemove": []string{ada, "8"}}).want(200).
		wantMembers([]string{cyd}, []string{ada}, []string{"8"})
	b.call("PUT", root+"/remove", []string{ada, bea}).want(200).wantMembers(nil, []string{bea}, nil)
	if got := b.portal.ListMembers(id); !slices.Equal(got, []string{cyd}) {
		t.Fatalf("%v", got)
	}
	b.call("GET", lists+"/records/0-1/"+cyd+"/memberships", nil).want(200).wantText(id, "results", 0, "listId")
	if a := b.call("GET", lists+"/records/contacts/"+ada+"/memberships", nil).want(200); a.count("results") != 0 {
		t.Fatalf("%s", a.raw)
	}
	b.call("GET", lists+"/records/0-1/7/memberships", nil).want(404)
	b.call("PUT", lists+"/99/memberships/add", []string{ada}).want(404)
	b.odd = true
	b.call("PUT", root+"/add", input{"recordIds": []string{ada}}).want(400) // the body is a bare array
}

func TestMembershipPages(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	var all []string
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, b.putContact(name+"@example.org"))
	}
	id := b.portal.PutList(hubspottest.List{Name: "Board", Members: all}).ID
	var got []string
	path := lists + "/" + id + "/memberships?limit=2"
	for after := ""; ; {
		a := b.call("GET", path+after, nil).want(200)
		for i := range a.count("results") {
			got = append(got, a.text("results", i, "recordId"))
		}
		next := a.text("paging", "next", "after")
		if next == "" {
			break
		}
		after = "&after=" + next
	}
	if !slices.Equal(got, all) {
		t.Fatalf("%v, want %v", got, all)
	}
	b.call("GET", lists+"/"+id+"/memberships?limit=251", nil).want(400)
}

func TestMembershipSwitches(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{AddNamesMembers: true, MaxMembershipIDs: 2, MergedIDRejectsWrite: true})
	ada, bea := b.putContact("ada@example.org"), b.putContact("bea@example.org")
	id := b.portal.PutList(hubspottest.List{Name: "Board", Members: []string{ada}}).ID
	add := lists + "/" + id + "/memberships/add"
	b.call("PUT", add, []string{ada, bea}).want(200).wantMembers([]string{ada, bea}, nil, nil)
	b.call("PUT", add, []string{ada, bea, "1"}).want(400)
	survivor := b.portal.MergeContacts(ada, bea)
	b.call("PUT", add, []string{ada, survivor}).want(200).wantMembers([]string{survivor}, nil, []string{ada})
	b.srv.Inject(hubspottest.Fault{PathContains: "/memberships", Short: true, Times: 1})
	b.call("PUT", add, []string{"1", survivor}).want(200).wantMembers([]string{survivor}, nil, nil)

	plain := setup(t, hubspottest.Options{})
	ada, bea = plain.putContact("ada@example.org"), plain.putContact("bea@example.org")
	id = plain.portal.PutList(hubspottest.List{Name: "Board"}).ID
	survivor = plain.portal.MergeContacts(ada, bea)
	plain.call("PUT", lists+"/"+id+"/memberships/add", []string{ada}).want(200).wantMembers([]string{survivor}, nil, nil)
}
