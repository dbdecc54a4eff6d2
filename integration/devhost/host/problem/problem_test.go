package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

func TestOf(t *testing.T) {
	t.Parallel()
	outage := errors.New("secret address refused")
	down := func(err error) bool { return errors.Is(err, outage) }
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"a problem":         {fmt.Errorf("x: %w", problem.Missing("member")), 404},
		"fields":            {problem.Invalid(map[string][]string{"a": {"b"}}), 422},
		"an outage":         {outage, 503},
		"an unknown mishap": {errors.New("secret internals"), 500},
	} {
		p := problem.Of(c.err, down)
		w := httptest.NewRecorder()
		problem.Write(w, p)
		var out map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if w.Code != c.want || out["status"] != float64(c.want) || out["title"] == "" || out["type"] != "about:blank" {
			t.Errorf("%s: %d %v, want %d", name, w.Code, out, c.want)
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: internals reach the client: %s", name, w.Body)
		}
		if w.Header().Get("Content-Type") != "application/problem+json" || (w.Header().Get("Retry-After") != "") != (c.want == 503) {
			t.Errorf("%s: headers %v", name, w.Header())
		}
	}
}
