package signin_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"

	"context"
)

type bundle struct {
	people          *clients.Module
	gate            *signin.Gate
	client          string
	admin, platform clients.User
	at              time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := migrationstest.NewEmptyDB(t)
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	b := &bundle{people: clients.New(db), client: uuid.NewString(), at: time.Now()}
	b.admin = clients.User{ID: uuid.NewString(), ClientID: b.client, Name: "Alex", Role: integration.RoleClientAdmin}
	b.platform = clients.User{ID: uuid.NewString(), Name: "Pat", Role: integration.RolePlatformAdmin}
	err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		c := clients.Client{ID: b.client, Name: "One", TimeZone: "UTC", CreatedAt: b.at}
		return b.people.Add(ctx, tx, c, []clients.User{b.admin, b.platform})
	})
	if err != nil {
		t.Fatal(err)
	}
	b.gate = signin.New(b.people, []byte("key"), true, func() time.Time { return b.at })
	return b
}

// visit returns who the gate sees behind a request, and the status.
func (b *bundle) visit(gate *signin.Gate, prepare func(*http.Request)) (signin.Visitor, bool, int) {
	var v signin.Visitor
	var ok bool
	h := gate.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { v, ok = signin.From(r.Context()) }))
	r := httptest.NewRequest("GET", "http://127.0.0.1/", nil)
	prepare(r)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return v, ok, w.Code
}

func (b *bundle) cookie(t *testing.T, start func(http.ResponseWriter) error) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := start(w); err != nil {
		t.Fatal(err)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is open to scripts or other sites: %v", c)
	}
	return c
}

func TestSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.cookie(t, func(w http.ResponseWriter) error {
		_, err := b.gate.SignIn(t.Context(), w, b.admin.ID)
		return err
	})
	with := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: c.Name, Value: value}) }
	}
	v, ok, _ := b.visit(b.gate, with(c.Value))
	if !ok || v.UserID != b.admin.ID || v.ClientID != b.client || v.Role != integration.RoleClientAdmin || v.Client != "One" {
		t.Fatalf("got %+v, %v; want the admin", v, ok)
	}
	other := signin.New(b.people, []byte("other key"), true, func() time.Time { return b.at })
	body, sum, _ := strings.Cut(c.Value, ".")
	for name, try := range map[string]struct {
		gate  *signin.Gate
		value string
	}{
		"another key":     {other, c.Value},
		"another body":    {b.gate, "x" + body + "." + sum},
		"no signature":    {b.gate, body},
		"nothing":         {b.gate, ""},
		"not on loopback": {signin.New(b.people, []byte("key"), false, nil), c.Value},
	} {
		if _, ok, code := b.visit(try.gate, with(try.value)); ok || code != 200 {
			t.Errorf("%s: let in %v, status %d; want nobody", name, ok, code)
		}
	}
	b.at = b.at.Add(9 * time.Hour)
	if _, ok, _ := b.visit(b.gate, with(c.Value)); ok {
		t.Error("a session of yesterday still works")
	}
}

func TestImpersonation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pat := signin.Visitor{Identity: integration.Identity{UserID: b.platform.ID, Role: integration.RolePlatformAdmin}}
	c := b.cookie(t, func(w http.ResponseWriter) error {
		_, err := b.gate.Impersonate(t.Context(), w, pat, b.client)
		return err
	})
	v, ok, _ := b.visit(b.gate, func(r *http.Request) { r.AddCookie(c) })
	if !ok || v.UserID != b.admin.ID || v.ImpersonatorID != b.platform.ID || v.May(integration.PermConfigure) {
		t.Errorf("got %+v; want the admin, in the name of the platform, who may not configure", v)
	}
	alex := signin.Visitor{Identity: integration.Identity{UserID: b.admin.ID, Role: integration.RoleClientAdmin}}
	if _, err := b.gate.Impersonate(t.Context(), httptest.NewRecorder(), alex, b.client); err == nil {
		t.Error("an admin of a client may act as somebody else")
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		client, role, impersonator string
		status                     int
		user                       string // "" = do not look
	}{
		"an admin":            {b.client, "ROLE_CLIENT_ADMIN", "", 200, b.admin.ID},
		"the platform":        {"", "ROLE_PLATFORM_ADMIN", "", 200, b.platform.ID},
		"a sponsor":           {b.client, "ROLE_SPONSOR_USER", "", 200, ""},
		"impersonated":        {b.client, "ROLE_CLIENT_ADMIN", b.platform.ID, 200, b.admin.ID},
		"by nobody":           {b.client, "ROLE_CLIENT_ADMIN", uuid.NewString(), 401, ""},
		"by an admin":         {b.client, "ROLE_CLIENT_ADMIN", b.admin.ID, 401, ""},
		"no role":             {b.client, "", "", 401, ""},
		"an unknown role":     {b.client, "ROLE_ROOT", "", 401, ""},
		"no client":           {"", "ROLE_CLIENT_USER", "", 401, ""},
		"an unknown client":   {uuid.NewString(), "ROLE_CLIENT_USER", "", 401, ""},
		"a malformed client":  {"'; drop table mp_users", "ROLE_CLIENT_USER", "", 401, ""},
		"an upper-case ident": {strings.ToUpper(b.client), "ROLE_CLIENT_USER", "", 401, ""},
	} {
		headers := func(r *http.Request) {
			r.Header.Set(signin.HeaderClient, c.client)
			r.Header.Set(signin.HeaderRole, c.role)
			r.Header.Set(signin.HeaderImpersonator, c.impersonator)
		}
		v, ok, code := b.visit(b.gate, headers)
		if code != c.status || ok != (c.status == 200) || c.user != "" && v.UserID != c.user || v.ImpersonatorID != "" && c.impersonator == "" {
			t.Errorf("%s: %d %+v, want %d", name, code, v, c.status)
		}
		if ok && !integration.ValidUUID(v.UserID) {
			t.Errorf("%s: the user id %q is not a UUID", name, v.UserID)
		}
		far := signin.New(b.people, []byte("key"), false, nil)
		if _, ok, code := b.visit(far, headers); ok || code != 403 {
			t.Errorf("%s, not on loopback: let in %v, status %d", name, ok, code)
		}
	}
	if _, err := signin.Identify(httptest.NewRequest("GET", "/", nil)); !errors.Is(err, signin.ErrNobody) {
		t.Errorf("nobody: %v", err)
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:1": true, "[::1]:8080": true, "127.9.9.9:1": true, "127.0.0.1": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:1": false, "192.168.0.1:80": false, "localhost.example.com:80": false, "": false,
	} {
		if got := signin.Loopback(addr); got != want {
			t.Errorf("%q: %v, want %v", addr, got, want)
		}
	}
}
