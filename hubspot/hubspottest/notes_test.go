package hubspottest_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const notes = "/crm/objects/2026-03/notes"

func note(trace, body string, links ...input) input {
	in := input{"properties": input{"hs_timestamp": "1793527200000", "hs_note_body": body}}
	if trace != "" {
		in["objectWriteTraceId"] = trace
	}
	if links != nil {
		in["associations"] = links
	}
	return in
}

func linked(id string, types ...input) input {
	return input{"to": input{"id": id}, "types": append([]input{}, types...)}
}

func TestNotesAreCreatedWithAssociations(t *testing.T) {
	t.Parallel()
	for path, partly := range map[string]int{notes: 207, "/crm/v3/objects/notes": 207, "/crm/objects/2026-09/notes": 201} {
		b := setup(t, hubspottest.Options{OrderedResults: true})
		ann, acme, _ := b.kinship()
		good := note("n1", "<p>Renewed</p>", linked(ann, defined(202)), linked(acme, defined(190)))
		lost := note("n2", "x", linked("77", defined(202)))
		wrong := note("n3", "x", linked(ann, defined(201)))
		strange := note("n4", "x", linked(ann, typed("USER_DEFINED", 202)))
		untyped := note("n5", "x", linked(ann))
		untimed := input{"objectWriteTraceId": "n6", "properties": input{"hs_note_body": "x"}}
		a := b.call("POST", path+"/batch/create", inputs(good, lost, wrong, strange, untyped, untimed)).want(partly)
		if a.count("results") != 1 || a.count("errors") != 5 || b.portal.Count("notes") != 1 {
			t.Fatalf("%s", a.raw)
		}
		a.wantText("n2", "errors", 0, "context", "objectWriteTraceId", 0).wantText("CONTACT=77 is not valid", "errors", 0, "context", "INVALID_OBJECT_IDS", 0)
		a.wantText("hs_timestamp", "errors", 4, "context", "properties", 0).wantText("2026-11-01T10:00:00Z", "results", 0, "properties", "hs_timestamp")
		id := a.text("results", 0, "id")
		b.wantTypes("notes", "contacts", id+">"+ann+":202")
		b.wantTypes("companies", "notes", acme+">"+id+":189")
		// without trace ids one bad input is the end of the batch, associations included
		delete(good, "objectWriteTraceId")
		delete(lost, "objectWriteTraceId")
		b.call("POST", path+"/batch/create", inputs(good, lost)).want(400).wantText("One or more associations are invalid", "message")
		b.wantTypes("notes", "contacts", id+">"+ann+":202")
		// single calls
		a = b.call("POST", path, note("", "one", linked(ann, defined(202)))).want(201)
		b.call("PATCH", path+"/"+a.text("id"), input{"properties": input{"hs_note_body": "two"}}).want(200).wantText("two", "properties", "hs_note_body")
		b.call("GET", path+"/"+a.text("id")+"?properties=hs_note_body", nil).want(200).wantText("two", "properties", "hs_note_body")
		b.call("POST", path, note("", "one", linked("78", defined(202)))).want(400)
		b.call("DELETE", path+"/"+id, nil).want(204)
		if b.portal.Count("notes") != 1 {
			t.Fatal("not archived")
		}
	}
}

func TestNotesIgnoreWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	in := note("", "x")
	in["properties"].(input)["no_such_property"] = "1"
	in["properties"].(input)["hs_createdate"] = "2020-01-01"
	a := b.call("POST", notes, in).want(201)
	if a.at("properties", "no_such_property") != nil || a.text("properties", "hs_createdate") == "2020-01-01" {
		t.Fatalf("%s", a.raw)
	}
	long := note("", strings.Repeat("ü", 65_536))
	b.call("POST", notes, long).want(201)
	b.call("POST", notes, note("", strings.Repeat("ü", 65_537))).want(400)
}

func TestUniquePropertyOfNotes(t *testing.T) {
	t.Parallel()
	for opt, status := range map[hubspottest.NoteKeys]int{hubspottest.NoteKeysAllowed: 201, hubspottest.NoteKeysRefused: 400, hubspottest.NoteKeysForbidden: 403} {
		b := setup(t, hubspottest.Options{NoteKeys: opt})
		key := input{"name": "activity_id", "label": "Activity", "type": "string", "fieldType": "text", "groupName": "note", "hasUniqueValue": true}
		a := b.call("POST", "/crm/properties/2026-09/notes", key).want(status)
		if status == 403 {
			a.wantText("MISSING_SCOPES", "category")
		}
		if status != 201 {
			key["hasUniqueValue"] = false
			b.call("POST", "/crm/properties/2026-09/notes", key).want(201)
			continue
		}
		up := input{"id": "A-1", "idProperty": "activity_id", "properties": input{"hs_timestamp": "2026-11-01T10:00:00Z", "hs_note_body": "x"}}
		for _, isNew := range []bool{true, false} {
			if a := b.call("POST", notes+"/batch/upsert", inputs(up)).want(200); a.at("results", 0, "new") != isNew {
				t.Fatalf("%s", a.raw)
			}
		}
		b.call("POST", notes+"/batch/read", map[string]any{"idProperty": "activity_id", "inputs": []input{{"id": "A-1"}}}).want(200)
	}
}

func TestScopesOfNotes(t *testing.T) {
	t.Parallel()
	for _, own := range []bool{false, true} {
		b := setup(t, hubspottest.Options{NoteSchemaScope: own})
		b.portal.AddToken("reader", "crm.objects.contacts.read", "crm.schemas.contacts.write")
		b.token = "reader"
		b.call("GET", notes, nil).want(200)
		b.call("POST", notes, note("", "x")).want(403).wantText("crm.objects.contacts.write", "errors", 0, "context", "requiredGranularScopes", 0)
		a := b.call("POST", "/crm/properties/2026-03/notes", input{"name": "x", "label": "X", "type": "string", "fieldType": "text", "groupName": "note"})
		if want := map[bool]int{false: 201, true: 403}[own]; a.status != want {
			t.Fatalf("own scope %v: %s", own, a.raw)
		}
	}
}
