package hubspottest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// withTypes defines a custom property of each type.
func (b *bench) withTypes() *bench {
	b.t.Helper()
	for name, kind := range map[string][2]string{
		"a_number": {"number", "number"}, "a_date": {"date", "date"}, "a_time": {"datetime", "date"}, "a_bool": {"bool", "booleancheckbox"}, "a_text": {"string", "textarea"},
	} {
		b.call("POST", "/crm/properties/2026-03/contacts", map[string]any{
			"name": name, "label": name, "type": kind[0], "fieldType": kind[1], "groupName": "contactinformation",
		}).want(http.StatusCreated)
	}
	b.call("POST", "/crm/properties/2026-03/contacts", choice("a_list", "x", "y", "z")).want(http.StatusCreated)
	return b
}

func TestValues(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withTypes()
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "lifecyclestage": "lead"}).ID
	for _, tc := range []struct{ property, sent, stored, code string }{
		{"email", " New@Example.ORG ", "new@example.org", ""},
		{"email", "a@@example.org", "", "INVALID_EMAIL"},
		{"email", "a@example", "", "INVALID_EMAIL"},
		{"email", "A B <a@example.org>", "", "INVALID_EMAIL"},
		{"email", "a..b@example.org", "", "INVALID_EMAIL"},
		{"a_number", "-12.5", "-12.5", ""},
		{"a_number", " 7 ", "7", ""},
		{"a_number", "1,000", "", "INVALID_INTEGER"},
		{"a_number", "twelve", "", "INVALID_INTEGER"},
		{"a_date", "2026-11-23", "2026-11-23", ""},
		{"a_date", "1795392000000", "2026-11-23", ""},
		{"a_date", "1795392000001", "", "INVALID_DATE"},
		{"a_date", "2026-11-23T10:00:00Z", "", "INVALID_DATE"},
		{"a_date", "NaN", "", "INVALID_DATE"},
		{"a_time", "2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00Z", ""},
		{"a_time", "1795392000001", "2026-11-23T00:00:00.001Z", ""},
		{"a_time", "yesterday", "", "INVALID_LONG"},
		{"a_bool", "True", "true", ""},
		{"a_bool", "yes", "", "INVALID_BOOLEAN"},
		{"a_list", "x;z", "x;z", ""},
		{"a_list", ";y;x", "x;z;y", ""},
		{"a_list", "x", "x", ""},
		{"a_list", "x;nope", "", "INVALID_OPTION"},
		{"a_list", "X", "", "INVALID_OPTION"},
		{"lifecyclestage", "customer", "customer", ""},
		{"lifecyclestage", "lead", "customer", ""}, // never backwards
		{"lifecyclestage", "", "", ""},
		{"lifecyclestage", "lead", "lead", ""},
		{"lifecyclestage", "guru", "", "INVALID_OPTION"},
		{"hs_object_id", "1", "", "READ_ONLY_VALUE"},
		{"createdate", "2026-11-23", "", "READ_ONLY_VALUE"},
		{"nope", "1", "", "PROPERTY_DOESNT_EXIST"},
		{"a_text", strings.Repeat("ä", 65_536), strings.Repeat("ä", 65_536), ""},
		{"a_text", strings.Repeat("ä", 65_537), "", "PROPERTY_VALUE_TOO_LONG"},
		{"a_text", "", "", ""},
	} {
		a := b.call("PATCH", contacts+"/"+id, input{"properties": input{tc.property: tc.sent}})
		if tc.code != "" {
			a.want(400).wantText(tc.code, "errors", 0, "code").wantText(tc.property, "errors", 0, "context", "propertyName", 0)
			continue
		}
		a.want(200)
		rec, _ := b.portal.Contact(id)
		if got := rec.Properties[tc.property]; got != tc.stored {
			t.Fatalf("%s %.40q is stored as %.40q, want %.40q", tc.property, tc.sent, got, tc.stored)
		}
	}
}

func TestDatesAreLenientOn202609(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withTypes()
	id := b.portal.PutContact(map[string]string{"email": "a@example.org"}).ID
	a := b.call("PATCH", "/crm/objects/2026-09/contacts/"+id, input{"properties": input{"a_date": "2026-11-23T10:00:00Z"}}).want(200)
	a.wantText("PROPERTY_VALUE_NORMALIZED", "warnings", 0, "category").wantText("2026-11-23", "warnings", 0, "context", "normalizedValue")
	a.wantText("2026-11-23", "properties", "a_date")
}
