package console_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page := b.page("admin", "GET", "").Body.String()
	paths := regexp.MustCompile(`(?:href|src)="(/settings/integrations/_assets/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(paths) != 2 {
		t.Fatalf("%v", paths)
	}
	for _, p := range paths {
		w := b.ask("", "GET", p[1], "") // the same for everybody
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() < 500 {
			t.Errorf("%s: %d, %q, %d bytes", p[1], w.Code, w.Header().Get("Cache-Control"), w.Body.Len())
		}
		mustNotContain(t, w.Body.String(), "http://", "https://", "@import", "url(")
	}
	if w := b.ask("", "GET", pagesPath+"/_assets/files/console.js", ""); w.Code != 404 {
		t.Errorf("name without its hash: %d", w.Code)
	}
}
