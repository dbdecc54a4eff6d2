package hubspottest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func choice(name string, values ...string) map[string]any {
	options := []map[string]any{}
	for i, v := range values {
		options = append(options, map[string]any{"label": v, "value": v, "displayOrder": i, "hidden": false})
	}
	return map[string]any{"name": name, "label": name, "type": "enumeration", "fieldType": "checkbox", "groupName": "contactinformation", "options": options}
}

func TestPropertyLifecycle(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/crm/v3/properties/contacts", "/crm/properties/2026-03/contacts", "/crm/properties/2026-09/0-1"} {
		b := setup(t, hubspottest.Options{})
		b.call("POST", root, choice("tags", "a", "b")).want(201).wantText("a", "options", 0, "value")
		b.call("POST", root, choice("tags", "a")).want(409).wantText("OBJECT_ALREADY_EXISTS", "category").wantText("Properties.PROPERTY_WITH_NAME_EXISTS", "subCategory")
		// options are replaced as a whole, and left alone when they are left out
		if n := b.call("PATCH", root+"/tags", map[string]any{"label": "Tags"}).want(200).count("options"); n != 2 {
			t.Fatalf("%d options", n)
		}
		b.call("PATCH", root+"/tags", map[string]any{"options": choice("", "c")["options"]}).want(200).wantText("c", "options", 0, "value")
		b.call("DELETE", root+"/tags", nil).want(204)
		b.call("GET", root+"/tags", nil).want(404)
		if a := b.call("GET", root+"/tags?archived=true", nil).want(200); a.at("archived") != true {
			t.Fatalf("%s", a.raw)
		}
		// the name brings the old definition back
		b.call("POST", root, choice("tags", "x", "y", "z")).want(201).wantText("Tags", "label").wantText("c", "options", 0, "value")
		b.call("GET", root+"/tags?archived=true", nil).want(404)
		if n := b.call("GET", root+"?archived=true", nil).want(200).count("results"); n != 0 {
			t.Fatalf("%d archived properties", n)
		}
		if n := b.call("GET", root, nil).want(200).count("results"); n < 25 {
			t.Fatalf("%d properties", n)
		}
	}
}

func TestPropertyDefinitionsAreChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	const root = "/crm/properties/2026-03/contacts"
	with := func(key string, v any) map[string]any {
		m := choice("fine", "a")
		m[key] = v
		return m
	}
	for _, body := range []map[string]any{
		with("name", "Upper"), with("name", "1st"), with("name", ""), with("groupName", "nowhere"), with("fieldType", "date"), with("label", ""),
		with("options", []map[string]any{{"label": "A", "value": "a"}, {"label": "B", "value": "a"}}),
	} {
		b.call("POST", root, body).want(400).wantText("VALIDATION_ERROR", "category")
	}
	b.call("DELETE", root+"/firstname", nil).want(400)
	b.call("DELETE", root+"/nope", nil).want(404)
	b.call("PATCH", root+"/email", map[string]any{"type": "number"}).want(400)
	for i := range 11 {
		body := with("name", fmt.Sprint("key", i))
		body["type"], body["fieldType"], body["hasUniqueValue"] = "string", "text", true
		delete(body, "options")
		want := http.StatusCreated
		if i == 10 {
			want = http.StatusBadRequest
		}
		b.call("POST", root, body).want(want)
	}
}

func TestPropertyLimit(t *testing.T) {
	t.Parallel()
	const root = "/crm/properties/2026-03/contacts"
	for _, o := range []hubspottest.Options{{}, {PropertyLimitForbidden: true}, {RestoredPropertyCounts: true}} {
		refused := http.StatusBadRequest
		if o.PropertyLimitForbidden {
			refused = http.StatusForbidden
		}
		b := setupPortal(t, o, hubspottest.Portal{ID: 1, Token: testToken, MaxProperty: 1})
		b.call("POST", root, choice("one", "a")).want(201)
		b.call("POST", root, choice("two", "a")).want(refused).wantText("VALIDATION_ERROR", "category")
		b.call("DELETE", root+"/one", nil).want(204)
		b.call("POST", root, choice("two", "a")).want(201)
		restored := 201
		if o.RestoredPropertyCounts {
			restored = refused
		}
		b.call("POST", root, choice("one", "a")).want(restored)
	}
}
