package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestTheMappingPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	page := b.page("admin", "GET", "/acme/property-mapping").Body.String()
	mustContain(t, page, `aria-current="page">Property mapping</a>`, "read first and written afterwards", `<h3 id="map-contact">Contacts</h3>`, `<h3 id="map-company">Companies</h3>`,
		`<option value="date_of_birth">Date of birth · Demographics · date</option></datalist>`, `name="map.contact.firstName.property" value="firstname" list="properties-contact"`,
		`name="map.contact.firstName.adopted"`, "1 property that cannot be used, and why", "It is read only.", `name="version" value="4"`, "First &lt;name&gt;")
	if list := between(page, `<datalist id="properties-contact">`, "</datalist>"); strings.Contains(list, "createdate") || !strings.Contains(list, "First name · Contact information · string") {
		t.Errorf("datalist: %s", list)
	}
	// One row a field: fixed ones are text, sensitive ones are off.
	mustNotContain(t, page, "map.contact.email.")
	mustContain(t, between(page, ">Email</span>", "</tr>"), "<code>email</code>", "Cannot be changed")
	mustContain(t, between(page, ">Birthday</span>", "</tr>"), "Sensitive, off", `value="" list=`)
	mustContain(t, between(page, ">Title</span>", "</tr>"), "There is no property of this name.", `value="on-create" selected`)
	first := between(page, "First &lt;name&gt;</span>", "</tr>")
	mustContain(t, between(first, `.policy">`, "</select>"), `value="ours" selected`)
	mustContain(t, between(first, `.adopted">`, "</select>"), `value="if-empty" selected`)
	page = b.page("impersonator", "GET", "/acme/property-mapping").Body.String()
	mustContain(t, page, "disabled", "but not change it")
	mustNotContain(t, page, "Save mapping")
	b.vendor.maps[tenantA] = func(m integration.PropertyMapping) integration.PropertyMapping {
		m.Properties, m.Notice = nil, "The properties cannot be listed just now."
		return m
	}(acmeMap("firstname"))
	page = b.page("admin", "GET", "/acme/property-mapping").Body.String()
	mustContain(t, page, "The properties cannot be listed just now.", "Save mapping", `value="gone_property"`)
	mustNotContain(t, page, "<datalist", "There is no property of this name.")
}

func TestTheMapByForm(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	form := url.Values{"version": {"4"}, "map.contact.birthday.property": {" date_of_birth "}, "map.contact.birthday.policy": {"if-empty"}, "map.contact.birthday.adopted": {"on-create"},
		"map.contact.title.property": {""}, "map.contact.title.policy": {"ours"}, "map.contact.title.adopted": {"ours"},
		"map.contact.email.property": {"other"}, "map.contact.email.policy": {"on-create"}, "map.contact.nosuch.property": {"x"}}
	w := b.post("admin", acmePage+"/property-mapping", form)
	if w.Code != 303 || w.Header().Get("Location") != acmePage+"/property-mapping?done=mapping" {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	mustContain(t, b.ask("admin", "GET", w.Header().Get("Location"), "").Body.String(), "The property mapping is saved.", `name="version" value="5"`)
	m := b.vendor.mapOf(tenantA)
	for _, tc := range [][2]any{
		{rule(m, "contact", "birthday"), integration.MappingRule{Object: "contact", Field: "birthday", Property: "date_of_birth", Policy: "if-empty", AdoptedPolicy: "on-create"}},
		{rule(m, "contact", "title"), integration.MappingRule{Object: "contact", Field: "title", Policy: "ours", AdoptedPolicy: "ours"}},
		{rule(m, "contact", "email"), integration.MappingRule{Object: "contact", Field: "email", Property: "email", Policy: "ours", AdoptedPolicy: "ours"}},  // fixed
		{rule(m, "company", "name"), integration.MappingRule{Object: "company", Field: "name", Property: "name", Policy: "ours", AdoptedPolicy: "if-empty"}}, // left out
	} {
		if tc[0] != tc[1] {
			t.Errorf("%+v, want %+v", tc[0], tc[1])
		}
	}
	if len(m.Rules) != 5 {
		t.Errorf("%d rules", len(m.Rules))
	}
}

func TestARefusedMapKeepsWhatWasEntered(t *testing.T) {
	t.Parallel()
	form := url.Values{"version": {"4"}, "map.contact.firstName.property": {`given"><b>`}, "map.contact.firstName.policy": {"on-create"}, "map.contact.firstName.adopted": {"on-create"}}
	for name, tc := range map[string]struct {
		arrange func(*bench)
		status  int
		says    string
	}{
		"a line is refused": {func(b *bench) {
			b.vendor.checkMap = integration.FieldErrors{"contact.firstName": {"There is no such property."}, "contact.other": {"Odd."}}
		}, 422, `<a href="#map-contact-firstName">Contacts, First &lt;name&gt;</a>: There is no such property.`},
		"stale": {func(b *bench) {
			b.vendor.maps[tenantA] = func(m integration.PropertyMapping) integration.PropertyMapping { m.Version = 9; return m }(acmeMap("firstname"))
		}, 412, `name="version" value="9"`},
		"stale by now":  {func(b *bench) { b.vendor.setMap = integration.ErrStale }, 412, "Somebody else changed these settings meanwhile."},
		"vendor silent": {func(b *bench) { b.vendor.checkMap = fmt.Errorf("no route") }, 502, "Acme CRM could not be reached."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t).connected()
			tc.arrange(b)
			w := b.post("admin", acmePage+"/property-mapping", form)
			page := w.Body.String()
			if w.Code != tc.status {
				t.Fatalf("%d", w.Code)
			}
			mustContain(t, page, tc.says, `value="given&#34;&gt;&lt;b&gt;"`, `id="error-map-contact-firstName"`)
			mustNotContain(t, page, "<b>", "no route")
			mustContain(t, between(page, `name="map.contact.firstName.policy">`, "</select>"), `value="on-create" selected`)
			if tc.status == 422 {
				mustContain(t, between(page, `id="error-map-contact-firstName"`, "</div>"), "There is no such property.")
				mustContain(t, page, "<code>contact.other</code>: Odd.", `aria-invalid="true"`)
			}
		})
	}
	b := setup(t).connected()
	if w := b.post("admin", acmePage+"/property-mapping", url.Values{"version": {"x"}}); w.Code != 412 {
		t.Errorf("version: %d", w.Code)
	}
	b.vendor.mapErr = integration.ErrNotConnected
	w := b.page("admin", "GET", "/acme/property-mapping")
	mustContain(t, w.Body.String(), "Acme CRM is not connected.", "Connect Acme CRM first.")
	if w.Code != 409 {
		t.Errorf("%d", w.Code)
	}
}

func TestAMapOfHundredsOfPropertiesStaysSmall(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	m := acmeMap("firstname")
	for i := range 400 {
		m.Properties = append(m.Properties, integration.MappingProperty{Object: "contact", Name: fmt.Sprintf("custom_property_%d", i), Label: fmt.Sprintf("Custom property %d", i), Group: "Custom", Type: "string"})
	}
	for i := range 40 {
		m.Fields = append(m.Fields, integration.MappingField{Object: "contact", Key: fmt.Sprintf("field%d", i), Label: "Field", Type: "text"})
	}
	b.vendor.maps[tenantA] = m
	page := b.page("admin", "GET", "/acme/property-mapping").Body.String()
	if n := strings.Count(page, `<option value="custom_property_7">`); n != 1 || len(page) > 200<<10 {
		t.Errorf("each property is there %d times, %d bytes", n, len(page))
	}
}
