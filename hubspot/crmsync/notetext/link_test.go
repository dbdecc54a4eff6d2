package notetext_test

import (
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notetext"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]bool{
		"https://club.example/tickets/1?x=%20#a": true, "https://CLUB.example:8443/": true, "http://localhost:8080/x": true,
		"http://127.0.0.2/": true, "http://[::1]:80/": true,
		"": false, "http://club.example/": false, "/tickets/1": false, "//club.example/": false, "javascript:alert(1)": false,
		"https://": false, "https:club.example": false, "https://user:pw@club.example/": false, "https://user@club.example/": false,
		"ftp://localhost/": false, "https://club.example/a b": false, "https://club.example/\n": false, "https://clüb.example/": false,
		"http://localhost.evil.example/": false, "https://club.example/" + strings.Repeat("a", 2048): false,
	} {
		if got := notetext.Safe(link); got != want {
			t.Errorf("Safe(%q) = %v", link, got)
		}
	}
	if host, ok := notetext.Host("https://CLUB.example:8443/"); host != "club.example" || !ok {
		t.Errorf("host = %q, %v", host, ok)
	}
}
