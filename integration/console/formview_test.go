package console_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestEveryInputHasALabelAndADescription(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, page := range []string{b.page("admin", "GET", "/acme").Body.String(), b.connected().page("admin", "GET", "/acme/settings").Body.String(), b.page("admin", "GET", "/acme/log").Body.String(),
		b.page("admin", "GET", "/acme/property-mapping").Body.String(), b.page("admin", "GET", "/acme/matching").Body.String(),
		b.page("admin", "GET", "/acme/tags").Body.String(), b.ask("admin", "GET", memberPage, "").Body.String()} {
		ids := regexp.MustCompile(`<(?:input|select)[^>]* id="([^"]+)"([^>]*)>`).FindAllStringSubmatch(page, -1)
		if len(ids) == 0 {
			t.Fatalf("inputs: %v", ids)
		}
		for _, m := range ids {
			mustContain(t, page, `for="`+m[1]+`"`)
			for _, id := range strings.Fields(between(m[2], `aria-describedby="`, `"`)) {
				if strings.Count(page, `id="`+id+`"`) != 1 {
					t.Errorf("%s is described by %s, which is not there once", m[1], id)
				}
			}
		}
	}
}

func TestLongHelpFoldsOnceItHasServed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	section := &b.vendor.spec.Schema.Sections[0]
	section.Help = strings.Repeat("Many words about setting it up. ", 10)
	mustNotContain(t, b.page("admin", "GET", "/acme").Body.String(), "How to set this up")
	b.connected()
	page := b.page("admin", "GET", "/acme/settings").Body.String()
	mustContain(t, page, "<summary>How to set this up</summary>", "Many words")
	mustContain(t, page, `id="field-apiKey"`)
	// A refused secret needs the help again.
	b.vendor.prepareErr = integration.FieldErrors{"apiKey": {"Refused."}}
	w := b.post("admin", acmePage+"/settings", map[string][]string{"set.apiKey": {otherKey}})
	mustNotContain(t, w.Body.String(), "How to set this up", otherKey)
	mustContain(t, w.Body.String(), "Many words", "Refused.")
}
