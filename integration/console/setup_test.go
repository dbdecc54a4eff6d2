package console_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

const (
	tenantA  = "aaaaaaaa-0000-4000-8000-000000000001"
	tenantB  = "bbbbbbbb-0000-4000-8000-000000000002"
	goodKey  = "pat-na1-1111-2222-good-key-XYZ9"
	otherKey = "pat-na1-3333-4444-other-key-QRS7"
	oursID   = "10000000-0000-4000-8000-000000000001"
	theirsID = "20000000-0000-4000-8000-000000000002"
	noSuchID = "30000000-0000-4000-8000-000000000003"
)

func acme() integration.Spec {
	return integration.Spec{
		ID: "acme", Name: "Acme CRM", Category: "CRM", Summary: "Keeps contacts in step with members.",
		Schema: integration.Schema{Sections: []integration.Section{
			{Key: "account", Title: "Account", Help: "1. Open the settings of your account.\n2. Create a key: https://acme.example/keys\n\nKeep it safe.", Fields: []integration.Field{
				{Key: "portalId", Label: "Portal ID", Help: "The number in the address.", Type: integration.TypeText, Required: true, MaxLen: 12, Check: digits},
				{Key: "apiKey", Label: "Access token", Help: "It starts with pat-.", Type: integration.TypeSecret, Required: true},
			}},
			{Key: "what", Title: "What is sent", Fields: []integration.Field{
				{Key: "syncContacts", Label: "Sync contacts", Type: integration.TypeToggle, Default: "true", OnHelp: "Members become contacts.", OffHelp: "Contacts stay as they are."},
				{Key: "gone", Label: "When a member leaves", Type: integration.TypeSelect, Default: "keep", Options: []integration.Option{{Value: "keep", Label: "Keep"}, {Value: "archive", Label: "Archive"}}},
			}},
		}},
	}
}

func digits(v string) error {
	if strings.Trim(v, "0123456789") != "" {
		return errors.New("The portal id has digits only.")
	}
	return nil
}

// bench is a console with fakes around it.
type bench struct {
	t       *testing.T
	ledger  *ledger
	drawer  *drawer
	journal *journal
	vendor  *vendor
	console *console.Console
	logs    *lockedBuffer
	clock   *clock
	change  []func(*console.Config)
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// identify trusts headers, as a test's host may.
func identify(r *http.Request) (integration.Identity, error) {
	if r.Header.Get("X-Role") == "" {
		return integration.Identity{}, errors.New("nobody")
	}
	return integration.Identity{UserID: "user-7", Role: integration.Role(r.Header.Get("X-Role")),
		ClientID: r.Header.Get("X-Client-Id"), ImpersonatorID: r.Header.Get("X-Impersonator")}, nil
}

func setup(t *testing.T, change ...func(*console.Config)) *bench {
	t.Helper()
	l := &ledger{}
	b := &bench{t: t, ledger: l, logs: &lockedBuffer{}, clock: &clock{at: noon},
		drawer: &drawer{l: l, rows: map[string]integration.StoredSettings{}}, journal: &journal{l: l}}
	b.vendor = &vendor{l: l, cabinet: newCabinet(), spec: acme(), live: map[string]integration.Settings{}, paused: map[string]bool{},
		report: integration.Report{OK: true, Items: []integration.CheckItem{{Name: "Key is valid", State: "ok", Detail: "It works."}}},
		status: integration.Status{Health: integration.HealthOK, Sentence: "Live. Everything is in Acme CRM.", SyncStatus: "healthy",
			Members: integration.MemberCounts{Total: 250, InSync: 240, NotIncluded: 5, NeedsAttention: 3, Waiting: 2}},
		records: map[string][]integration.SyncRecord{
			tenantA: {{ID: oursID, ClientID: tenantA, CRMSystem: "acme", EntityType: "contact", MemberPulseEntityID: oursID, Status: integration.SyncFailed,
				Code: "INVALID_EMAIL", Error: "Acme CRM refuses the email address.", Fix: "Correct the address of the member.", CorrelationID: "corr-77", CreatedAt: noon, UpdatedAt: noon}},
			tenantB: {{ID: theirsID, ClientID: tenantB, CRMSystem: "acme", EntityType: "contact", Status: integration.SyncSynced, CreatedAt: noon, UpdatedAt: noon}},
		},
		history: []integration.SyncAttempt{{At: noon.Add(-time.Minute), Status: integration.SyncFailed, Code: "INVALID_EMAIL", Message: "Refused.", CorrelationID: "corr-77"}},
	}
	b.change = change
	b.serve(b.vendor)
	return b
}

// serve makes the console anew, with this plugin.
func (b *bench) serve(p integration.Plugin) {
	b.t.Helper()
	registry, err := integration.NewRegistry(p, bare{integration.Spec{ID: "plain", Name: "Plain", Summary: "Settings only.",
		Schema: integration.Schema{Sections: []integration.Section{{Key: "s", Title: "S", Fields: []integration.Field{{Key: "word", Label: "Word", Type: integration.TypeText}}}}}}})
	if err != nil {
		b.t.Fatal(err)
	}
	cfg := console.Config{Registry: registry, Settings: b.drawer, Audit: b.journal, DB: b.ledger.db(), Identify: identify,
		Now: b.clock.now, Logger: slog.New(slog.NewJSONHandler(b.logs, nil))}
	for _, f := range b.change {
		f(&cfg)
	}
	b.t.Cleanup(func() { _ = cfg.DB.Close() })
	if b.console, err = console.New(cfg); err != nil {
		b.t.Fatal(err)
	}
}

// ask is one request: method, path, JSON body ("" = none), who ("" = nobody,
// "admin", "user", ...), further headers in pairs.
func (b *bench) ask(who, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, path, http.NoBody)
	} else {
		r.Header.Set("Content-Type", "application/json")
	}
	as(r, who)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.console.Handler().ServeHTTP(w, r)
	return w
}

// post sends a form as our own pages do.
func (b *bench) post(who, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)
	body := form.Encode()
	if body == "" {
		body = "_=1"
	}
	return b.ask(who, http.MethodPost, path, body, headers...)
}

func as(r *http.Request, who string) {
	roles := map[string]integration.Role{"admin": integration.RoleClientAdmin, "adminB": integration.RoleClientAdmin, "user": integration.RoleClientUser,
		"member": integration.RoleMember, "sponsor": integration.RoleSponsorAdmin, "sponsorUser": integration.RoleSponsorUser,
		"platform": integration.RolePlatformAdmin, "impersonator": integration.RoleClientAdmin}
	role, ok := roles[who]
	if !ok {
		return
	}
	r.Header.Set("X-Role", string(role))
	switch who {
	case "platform":
	case "adminB":
		r.Header.Set("X-Client-Id", tenantB)
	default:
		r.Header.Set("X-Client-Id", tenantA)
	}
	if who == "impersonator" {
		r.Header.Set("X-Impersonator", "platform-1")
	}
}

// connected connects tenant A with the good key.
func (b *bench) connected() *bench {
	b.t.Helper()
	w := b.ask("admin", "POST", "/api/integrations/acme/connect", `{"portalId":"12345678","apiKey":"`+goodKey+`"}`)
	if w.Code != http.StatusOK {
		b.t.Fatalf("connect: %d %s", w.Code, w.Body)
	}
	return b
}

type problem struct {
	Type, Title, Detail, Fix, CorrelationID, NextAttempt string
	Status                                               int
	Errors                                               map[string][]string
	RetryAt                                              *time.Time
}

// wantProblem checks the status, that the answer is a complete problem, and
// returns it.
func wantProblem(t *testing.T, w *httptest.ResponseRecorder, status int) problem {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if p.Status != status || p.Title == "" || p.Detail == "" || p.Fix == "" || p.NextAttempt == "" {
		t.Errorf("incomplete problem: %s", w.Body)
	}
	return p
}

// decode reads a JSON answer of status 200 to 299.
func decode(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	if w.Code/100 != 2 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	var doc map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	return doc
}

func mustContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("does not contain %q:\n%s", p, text)
		}
	}
}

func mustNotContain(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("contains %q:\n%s", p, text)
		}
	}
}

// endless is a body that never ends and counts what is read of it.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += int64(len(p))
	if e.read > 10<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}
