package console_test

import (
	"net/url"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/console"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                          "",
		"done=connect":              "Acme is connected.",
		"done=retry&n=1":            "1 record is being sent again.",
		"done=retry&n=1234":         "1,234 records are being sent again.",
		"done=retry&n=-5":           "0 records are being sent again.",
		"done=Send+money+to+me":     "",
		"done=retry&n=<b>":          "0 records are being sent again.",
		"done=settings&n=whatever":  "The settings are saved.",
		"done=connect&done=retry":   "Acme is connected.",
		"other=connect&notice=text": "",
	} {
		v, _ := url.ParseQuery(query)
		if got := console.Notice(v, "Acme"); got != want {
			t.Errorf("%s: %q", query, got)
		}
	}
}
