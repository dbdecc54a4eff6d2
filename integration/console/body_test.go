package console_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestStrictJSON(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, body := range []string{
		`{`, `[]`, `null`, `"text"`, `{"portalId":"1"`, `{"portalId":}`, `{portalId:"1"}`, `not json`,
		`{"portalId":"1","portalId":"2"}`, `{"portalId":"1"}{}`, `{"portalId":"1"} x`, "{\"portalId\":\"\xff\"}", `{"portalId":"1",}`,
	} {
		wantProblem(t, b.ask("admin", "PUT", settingsPath, body), http.StatusBadRequest)
	}
	if b.ledger.begun != 0 {
		t.Error("a malformed body reached the database")
	}
}

func TestScalarsAreText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	doc := decode(t, b.ask("admin", "PUT", settingsPath, ` {"portalId":12345678,"syncContacts":false,"apiKey":"`+goodKey+`","gone":null} `))
	if doc["portalId"] != "12345678" || doc["syncContacts"] != false || doc["gone"] != "keep" {
		t.Errorf("%v", doc)
	}
}

func TestMediaType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "nonsense;;"} {
		for _, rt := range [][2]string{{"PUT", settingsPath}, {"POST", connectPath}, {"POST", testPath}} {
			wantProblem(t, b.ask("admin", rt[0], rt[1], `{"portalId":"1"}`, "Content-Type", media), http.StatusUnsupportedMediaType)
		}
	}
	decode(t, b.ask("admin", "PUT", settingsPath, `{"portalId":"1","apiKey":"`+goodKey+`"}`, "Content-Type", "application/json; charset=utf-8"))
}

func TestALargeBodyIsNotReadWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, rt := range [][2]string{{"POST", connectPath}, {"PUT", settingsPath}, {"POST", testPath}, {"POST", "/api/integrations/acme/pause"}} {
		for _, declared := range []bool{true, false} {
			body := &endless{}
			r := httptest.NewRequest(rt[0], rt[1], body)
			r.Header.Set("Content-Type", "application/json")
			as(r, "admin")
			if declared {
				r.ContentLength = 10 << 20
			} else if strings.HasSuffix(rt[1], "pause") {
				continue // reads no body at all
			}
			w := httptest.NewRecorder()
			b.console.Handler().ServeHTTP(w, r)
			wantProblem(t, w, http.StatusRequestEntityTooLarge)
			if body.read > 256<<10 {
				t.Errorf("%s: %d bytes read", rt[1], body.read)
			}
		}
	}
}

func TestOrderOfRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// Nobody learns about sizes and forms before saying who they are, and a
	// role is refused before its body is looked at.
	wantProblem(t, b.ask("", "PUT", settingsPath, "x"), http.StatusUnauthorized)
	wantProblem(t, b.ask("user", "PUT", settingsPath, "x"), http.StatusForbidden)
	wantProblem(t, b.ask("user", "PATCH", settingsPath, "x"), http.StatusMethodNotAllowed)
}
