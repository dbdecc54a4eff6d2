package hubspottest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// values of a property in the snapshots of a workflow's enrolments.
func (b *bench) snapshots(workflow, property string) string {
	var out []string
	for _, e := range b.portal.Enrolments(workflow) {
		out = append(out, e.Properties[property])
	}
	return strings.Join(out, " ")
}

func TestPropertyTriggers(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withGroups()
	old := b.putContact("old@example.org", "city", "Basel", "groups", "board")
	for _, w := range []struct {
		name    string
		trigger hubspottest.Trigger
	}{
		{"known", hubspottest.Trigger{Known: "city"}},
		{"changed", hubspottest.Trigger{Changed: "city"}},
		{"board", hubspottest.Trigger{Contains: "groups", Value: "board"}},
	} {
		b.portal.PutWorkflow(w.name, w.trigger, false)
		b.portal.PutWorkflow(w.name+" again", w.trigger, true)
	}
	write := func(id, city, groups string) {
		t.Helper()
		b.call("PATCH", contacts+"/"+id, input{"properties": input{"city": city, "groups": groups}}).want(200)
		for _, w := range []string{"known", "known again", "changed", "changed again", "board", "board again"} {
			for _, e := range b.portal.Enrolments(w) {
				if e.Inside {
					b.portal.ExitWorkflow(w, e.ContactID)
				}
			}
		}
	}
	ada := b.putContact("ada@example.org")
	write(ada, "Bern", "choir")       // known, changed
	write(ada, "Bern", "choir;board") // board
	write(ada, "Bern", "board;choir") // another order: a change, but of nothing that is looked at
	write(ada, "Chur", "choir")       // known again by re-enrolment, changed
	write(ada, "", "")                // no value triggers nothing
	write(ada, "Davos", "board")      // all
	write(old, "Genf", "board")       // changed
	for workflow, want := range map[string]string{
		"known": "Bern", "known again": "Bern Chur Davos Genf",
		"changed": "Bern Genf", "changed again": "Bern Chur Davos Genf",
		"board": "Bern", "board again": "Bern Davos",
	} {
		if got := b.snapshots(workflow, "city"); got != want {
			t.Errorf("%s: enrolled at %q, want %q", workflow, got, want)
		}
	}
	if got := b.snapshots("board again", "groups"); got != "choir;board board" {
		t.Errorf("snapshots %q", got)
	}
}

func TestContactInsideIsNotEnrolledAgain(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now})
	b.portal.PutWorkflow("w", hubspottest.Trigger{Changed: "city"}, true)
	ada := b.putContact("ada@example.org", "city", "Bern")
	b.portal.EditContact(ada, map[string]string{"city": "Chur"})
	bea := b.putContact("bea@example.org")
	survivor := b.portal.MergeContacts(ada, bea)
	b.portal.EditContact(survivor, map[string]string{"city": "Davos"})
	if got := b.snapshots("w", "city"); got != "Bern" {
		t.Fatalf("%q", got)
	}
	b.portal.ExitWorkflow("w", survivor)
	now.forward(time.Second)
	b.portal.EditContact(survivor, map[string]string{"city": "Genf"})
	all := b.portal.Enrolments("w")
	if len(all) != 2 || all[0].ContactID != ada || all[0].Inside || all[1].ContactID != survivor || !all[1].Inside || !all[1].At.Equal(now.Now()) {
		t.Fatalf("%+v", all)
	}
}

// What a batch wrote before it was rejected, and what a merge brought together,
// triggers nothing.
func TestWritesThatEnrolNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	ada, bea := b.putContact("ada@example.org", "city", "Bern"), b.putContact("bea@example.org", "phone", "1")
	b.portal.PutWorkflow("phone", hubspottest.Trigger{Known: "phone"}, false)
	b.portal.PutWorkflow("id", hubspottest.Trigger{Known: "member_id"}, false)
	b.call("POST", contacts+"/batch/upsert", inputs(person("1", "cyd@example.org", ""), person("2", "nonsense", ""))).want(400)
	b.portal.MergeContacts(ada, bea)
	if n := len(b.portal.Enrolments("phone")) + len(b.portal.Enrolments("id")); n != 0 {
		t.Fatalf("%d enrolments", n)
	}
	b.call("POST", contacts+"/batch/upsert", inputs(person("1", "cyd@example.org", "a"), person("2", "nonsense", "b"))).want(207)
	if got := b.snapshots("id", "email"); got != "cyd@example.org" {
		t.Fatalf("%q", got)
	}
}

func TestListTrigger(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00Z")
	b := setup(t, hubspottest.Options{Now: now.Now}).withGroups()
	manual := b.portal.PutList(hubspottest.List{Name: "Manual"}).ID
	follows := b.portal.PutList(hubspottest.List{Name: "Board", Type: "DYNAMIC", Filter: asJSON(t, anyOf("board"))}).ID
	now.forward(5 * time.Second)
	b.portal.PutWorkflow("manual", hubspottest.Trigger{List: manual}, true)
	b.portal.PutWorkflow("board", hubspottest.Trigger{List: follows}, true)
	ada := b.putContact("ada@example.org", "groups", "board")
	bea := b.putContact("bea@example.org", "groups", "choir")
	for range 2 {
		b.call("PUT", lists+"/"+manual+"/memberships/add", []string{ada}).want(200)
	}
	b.portal.EditContact(ada, map[string]string{"city": "Bern"})
	if n := len(b.portal.Enrolments("board")); n != 0 {
		t.Fatalf("%d enrolments before the list has followed", n)
	}
	now.forward(time.Hour)
	if got := b.snapshots("manual", "email") + ", " + b.snapshots("board", "email"); got != "ada@example.org, ada@example.org" {
		t.Fatalf("%q", got)
	}
	if at := b.portal.Enrolments("board")[0].At.Format(time.TimeOnly); at != "10:00:10" {
		t.Fatalf("enrolled at %s", at)
	}
	// Who enters because the filter changed enrols only when the call says so.
	filters := lists + "/" + follows + "/update-list-filters"
	b.call("PUT", filters, input{"filterBranch": anyOf("board", "choir")}).want(200)
	now.forward(time.Hour)
	if got := b.portal.ListMembers(follows); len(got) != 2 || b.snapshots("board", "email") != "ada@example.org" {
		t.Fatalf("%v, %q", got, b.snapshots("board", "email"))
	}
	b.call("PUT", filters, input{"filterBranch": anyOf("board")}).want(200)
	now.forward(time.Hour)
	b.call("PUT", filters, input{"filterBranch": anyOf("choir")}).want(200) // replaced before it is processed
	b.call("PUT", filters+"?enrollObjectsInWorkflows=true", input{"filterBranch": anyOf("board", "choir")}).want(200)
	now.forward(time.Hour)
	if got := b.snapshots("board", "email"); got != "ada@example.org bea@example.org" {
		t.Fatalf("%q (%s)", got, bea)
	}
}

func TestWorkflowsThatCannotBe(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.PutWorkflow("w", hubspottest.Trigger{Known: "city"}, false)
	for what, f := range map[string]func(){
		"workflow w exists":             func() { b.portal.PutWorkflow("w", hubspottest.Trigger{Known: "city"}, false) },
		"no property nope":              func() { b.portal.PutWorkflow("x", hubspottest.Trigger{Known: "nope"}, false) },
		"no list 9":                     func() { b.portal.PutWorkflow("x", hubspottest.Trigger{List: "9"}, false) },
		"one trigger":                   func() { b.portal.PutWorkflow("x", hubspottest.Trigger{Known: "city", Changed: "city"}, false) },
		"no workflow x":                 func() { b.portal.Enrolments("x") },
		"7 is not in the workflow w":    func() { b.portal.ExitWorkflow("w", "7") },
		"a workflow has one trigger":    func() { b.portal.PutWorkflow("y", hubspottest.Trigger{}, false) },
		"hubspottest: no workflow gone": func() { b.portal.ExitWorkflow("gone", "7") },
	} {
		func() {
			defer func() {
				if v, _ := recover().(string); !strings.Contains(v, what) {
					t.Errorf("panic %q, want %q in it", v, what)
				}
			}()
			f()
		}()
	}
}
