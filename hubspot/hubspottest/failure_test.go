package hubspottest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// shape lists the paths of a body with the JSON type of what is there. Property names
// and list indexes are folded, so that two bodies of one kind have one shape.
func shape(raw []byte) []string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	seen := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch t := v.(type) {
		case map[string]any:
			seen[path+" object"] = true
			for k, one := range t {
				if strings.HasSuffix(path, ".properties") {
					k = "*"
				}
				walk(path+"."+k, one)
			}
		case []any:
			seen[path+" list"] = true
			for _, one := range t {
				walk(path+"[]", one)
			}
		default:
			seen[fmt.Sprintf("%s %T", path, v)] = true
		}
	}
	walk("$", v)
	var out []string
	for k := range seen {
		k = strings.NewReplacer("float64", "number", "<nil>", "null").Replace(k)
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func wantShape(t *testing.T, a answer, want ...string) {
	t.Helper()
	want = append(want, "$ object")
	sort.Strings(want)
	if got := shape(a.raw); !slices.Equal(got, want) {
		t.Fatalf("shape\n %s\nwant\n %s\nin %s", strings.Join(got, "\n "), strings.Join(want, "\n "), a.raw)
	}
}

func errorShape(more ...string) []string {
	return append(more, "$.status string", "$.message string", "$.correlationId string", "$.category string")
}

// The shapes below are those of recorded replies and of the examples in HubSpot's
// guides. https://developers.hubspot.com/docs/api-reference/error-handling
func TestErrorShapes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	unknown := input{"properties": input{"testproperty": "1"}}
	a := b.call("POST", "/crm/v3/objects/contacts", unknown).want(400)
	wantShape(t, a, errorShape("$.errors list", "$.errors[] object", "$.errors[].message string", "$.errors[].code string",
		"$.errors[].context object", "$.errors[].context.propertyName list", "$.errors[].context.propertyName[] string")...)
	const embedded = `Property values were not valid: [{"isValid":false,"message":"Property \"testproperty\" does not exist","error":"PROPERTY_DOESNT_EXIST",` +
		`"name":"testproperty","localizedErrorMessage":"Property \"testproperty\" does not exist","portalId":4711}]`
	a.wantText(embedded, "message")

	dup := inputs(input{"id": "5", "properties": input{"city": "a"}}, input{"id": "5", "properties": input{"city": "b"}})
	a = b.call("POST", "/crm/v3/objects/contacts/batch/update", dup).want(400)
	wantShape(t, a, errorShape("$.context object", "$.context.ids list", "$.context.ids[] string")...)

	b.portal.PutContact(map[string]string{"email": "taken@example.org"})
	taken := input{"properties": input{"email": "taken@example.org"}}
	wantShape(t, b.call("POST", contacts, taken).want(409), errorShape()...)

	b.portal.AddToken("narrow", "crm.lists.read")
	narrow := *b
	narrow.token = "narrow"
	a = narrow.call("GET", contacts, nil).want(403).wantText("MISSING_SCOPES", "category")
	wantShape(t, a, errorShape("$.errors list", "$.errors[] object", "$.errors[].message string", "$.errors[].context object",
		"$.errors[].context.requiredGranularScopes list", "$.errors[].context.requiredGranularScopes[] string", "$.links object", "$.links.scopes string")...)
	narrow.token = "nobody"
	a = narrow.call("GET", contacts, nil).want(401).wantText("INVALID_AUTHENTICATION", "category")
	wantShape(t, a, errorShape()...)

	bare := []string{"$.status string", "$.message string", "$.correlationId string"}
	wantShape(t, b.call("GET", contacts+"/123", nil).want(404), bare...)
	wantShape(t, b.call("GET", "/crm/objects/2026-03/unicorns", nil).want(400), bare...)
	wantShape(t, b.call("POST", contacts, "{").want(400), bare...)
	wantShape(t, b.call("GET", contacts+"/abc", nil).want(404), errorShape("$.context object", "$.context.id list", "$.context.id[] string")...)
	b.call("GET", "/crm/objects/2026-03/0-999", nil).want(400).wantText("Invalid object or event type id: 0-999", "message")
}

func batchShape(more ...string) []string {
	return append(more, "$.status string", "$.startedAt string", "$.completedAt string", "$.results list", "$.results[] object", "$.results[].id string",
		"$.results[].properties object", "$.results[].properties.* string", "$.results[].createdAt string", "$.results[].updatedAt string", "$.results[].archived bool")
}

func TestBatchShapes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	a := b.call("POST", "/crm/v3/objects/CONTACT/batch/create", inputs(input{"properties": input{"email": "a@example.org", "firstname": "Ada"}})).want(201)
	wantShape(t, a, batchShape()...)
	var names []string
	props, _ := a.at("results", 0, "properties").(map[string]any)
	for k := range props {
		names = append(names, k)
	}
	sort.Strings(names)
	want := []string{"createdate", "email", "firstname", "hs_all_contact_vids", "hs_email_domain", "hs_is_contact", "hs_is_unworked", "hs_object_id", "hs_pipeline", "lastmodifieddate"}
	if !slices.Equal(names, want) {
		t.Fatalf("a create answers %v, recorded were %v", names, want)
	}
	id := a.text("results", 0, "id")
	a = b.call("POST", "/crm/v3/objects/CONTACT/batch/update", inputs(input{"id": id, "properties": input{"email": "b@example.org", "lastname": "L"}})).want(200)
	wantShape(t, a, batchShape()...)
	props, _ = a.at("results", 0, "properties").(map[string]any)
	if len(props) != 4 || props["hs_email_domain"] != "example.org" || props["lastmodifieddate"] == "" {
		t.Fatalf("an update answers what was sent and touched, not %v", props)
	}

	a = b.call("POST", contacts+"/batch/create", inputs(
		input{"objectWriteTraceId": "1", "properties": input{"email": "c@example.org"}}, input{"objectWriteTraceId": "2", "properties": input{"missing": "1"}},
	)).want(207)
	partial := []string{"$.numErrors number", "$.errors list", "$.errors[] object", "$.errors[].status string", "$.errors[].category string", "$.errors[].message string",
		"$.errors[].context object", "$.errors[].context.objectWriteTraceId list", "$.errors[].context.objectWriteTraceId[] string"}
	wantShape(t, a, batchShape(partial...)...)
	a = b.call("POST", contacts+"/batch/create", inputs(
		input{"objectWriteTraceId": "1", "properties": input{"email": "d@example.org"}}, input{"objectWriteTraceId": "2", "properties": input{"email": "B@example.org"}},
	)).want(207)
	wantShape(t, a, batchShape(append(partial, "$.errors[].context.existingId list", "$.errors[].context.existingId[] string")...)...)
	a.wantText("Contact already exists. Existing ID: "+id, "errors", 0, "message").wantText(id, "errors", 0, "context", "existingId", 0)

	a = b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "e@example.org", ""))).want(200)
	wantShape(t, a, batchShape("$.results[].new bool")...)
}

func TestReadShapes(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{SearchLag: -1})
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	one := []string{"$.total number", "$.results list", "$.results[] object", "$.results[].id string", "$.results[].properties object", "$.results[].properties.* string",
		"$.results[].properties.* null", "$.results[].createdAt string", "$.results[].updatedAt string", "$.results[].archived bool"}
	find := map[string]any{"properties": []string{"email", "lastname"}, "filterGroups": []any{map[string]any{"filters": []any{input{"propertyName": "email", "operator": "EQ", "value": "A@example.org"}}}}}
	a := b.call("POST", "/crm/v3/objects/CONTACT/search", find).want(200)
	wantShape(t, a, one...)
	for _, name := range []string{"createdate", "hs_object_id", "lastmodifieddate"} {
		if a.text("results", 0, "properties", name) == "" {
			t.Fatalf("%s does not come along: %s", name, a.raw)
		}
	}
	b.portal.ArchiveContact(id)
	wantShape(t, b.call("POST", contacts+"/search", find).want(200), "$.total number", "$.results list")
	wantShape(t, b.call("GET", "/account-info/v3/details", nil).want(200), "$.portalId number", "$.accountType string", "$.timeZone string", "$.companyCurrency string",
		"$.additionalCurrencies list", "$.utcOffset string", "$.utcOffsetMilliseconds number", "$.uiDomain string", "$.dataHostingLocation string")
	a = b.call("GET", "/crm/v3/properties/contacts/lifecyclestage", nil).want(200)
	for _, path := range []string{"$.name string", "$.type string", "$.fieldType string", "$.options[].displayOrder number", "$.options[].hidden bool", "$.hubspotDefined bool",
		"$.calculated bool", "$.modificationMetadata.readOnlyValue bool", "$.modificationMetadata.archivable bool", "$.modificationMetadata.readOnlyDefinition bool",
		"$.hasUniqueValue bool", "$.formField bool", "$.externalOptions bool", "$.createdAt string", "$.updatedAt string", "$.displayOrder number"} {
		if !slices.Contains(shape(a.raw), path) {
			t.Fatalf("no %s in %s", path, a.raw)
		}
	}
}
