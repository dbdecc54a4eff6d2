package demoapi_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// TestRolesByRoute tries every route as everybody.
func TestRolesByRoute(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	id := b.firstMember(t, b.one)
	routes := []struct {
		method, path, body string
		admin, user        int // what these two get; everybody else gets 403
	}{
		{"GET", "/demo/members", "", 200, 200},
		{"GET", "/demo/members/" + id, "", 200, 200},
		{"POST", "/demo/members", `{}`, 422, 403},
		{"PATCH", "/demo/members/" + id, `{"status":"x"}`, 422, 403},
		{"PUT", "/demo/members/" + id + "/membership", `{}`, 422, 403},
		{"DELETE", "/demo/members/" + uuid.NewString(), "", 404, 403},
		{"POST", "/demo/bulk", `{}`, 422, 403},
	}
	for _, r := range routes {
		for role, want := range map[integration.Role]int{
			integration.RoleClientAdmin: r.admin, integration.RoleClientUser: r.user, integration.RoleMember: 403,
			integration.RoleSponsorAdmin: 403, integration.RoleSponsorUser: 403, integration.RolePlatformAdmin: 403,
			"ROLE_KING": 401, "": 401,
		} {
			if got, _ := b.call(t, r.method, r.path, r.body, as(b.one, role)); got != want {
				t.Errorf("%s %s as %q: %d, want %d", r.method, r.path, role, got, want)
			}
		}
		for name, headers := range map[string]map[string]string{
			"nobody":           nil,
			"an unknown one":   as(uuid.NewString(), integration.RoleClientAdmin),
			"a malformed one":  as("x", integration.RoleClientAdmin),
			"a role alone":     as("", integration.RoleClientAdmin),
			"a foreign origin": nil,
		} {
			if got, _ := b.call(t, r.method, r.path, r.body, headers); got != 401 {
				t.Errorf("%s %s as %s: %d, want 401", r.method, r.path, name, got)
			}
		}
	}
	for role, want := range map[integration.Role]int{
		integration.RolePlatformAdmin: 422, integration.RoleClientAdmin: 403, integration.RoleClientUser: 403, integration.RoleMember: 403,
	} {
		if got, _ := b.call(t, "POST", "/demo/clients", `{}`, as(b.one, role)); got != want {
			t.Errorf("POST /demo/clients as %s: %d, want %d", role, got, want)
		}
	}
}

// TestForeignIsUnknown compares the whole answers.
func TestForeignIsUnknown(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	foreign := b.firstMember(t, b.two)
	admin := as(b.one, integration.RoleClientAdmin)
	for _, r := range []struct{ method, rest, body string }{
		{"GET", "", ""}, {"PATCH", "", `{"firstName":"X"}`}, {"DELETE", "", ""},
		{"PUT", "/membership", `{"plan":"Fellow","status":"active"}`},
	} {
		s1, hers := b.call(t, r.method, "/demo/members/"+foreign+r.rest, r.body, admin)
		s2, none := b.call(t, r.method, "/demo/members/"+uuid.NewString()+r.rest, r.body, admin)
		if s1 != 404 || s1 != s2 || !reflect.DeepEqual(hers, none) {
			t.Errorf("%s: foreign %d %v, unknown %d %v", r.method, s1, hers, s2, none)
		}
	}
	if _, m := b.call(t, "GET", "/demo/members/"+foreign, "", as(b.two, integration.RoleClientAdmin)); m["firstName"] == "X" {
		t.Error("a foreign admin changed the member")
	}
}

func TestBrowsersOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	if got, _ := b.call(t, "POST", "/demo/clients", `{"name":"Evil"}`, map[string]string{"Sec-Fetch-Site": "cross-site"}); got != 403 {
		t.Errorf("a cross-site request: %d, want 403", got)
	}
	if got, _ := b.call(t, "GET", "/demo/clients", "", map[string]string{"Host": "evil.example.com"}); got != 421 {
		t.Errorf("a request to another name: %d, want 421", got)
	}
}

func TestNotOnLoopback(t *testing.T) {
	t.Parallel()
	b := setup(t, false)
	if got, _ := b.call(t, "GET", "/demo/clients", "", nil); got != 401 {
		t.Errorf("the list of clients: %d, want 401", got)
	}
	if got, out := b.call(t, "GET", "/demo/members", "", as(b.one, integration.RoleClientAdmin)); got != 403 || out["fix"] == nil {
		t.Errorf("headers: %d %v, want 403 with what to do", got, out)
	}
}

func TestDatabaseGoneAndBack(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	admin := as(b.one, integration.RoleClientAdmin)
	id := b.firstMember(t, b.one)
	var name string
	if err := b.db.NewRaw("select current_database()").Scan(t.Context(), &name); err != nil {
		t.Fatal(err)
	}
	beside := migrationstest.NewEmptyDB(t) // another database of the same server
	allow := func(on bool) {
		t.Helper()
		if _, err := beside.ExecContext(t.Context(), "alter database ? allow_connections ?", bun.Ident(name), on); err != nil {
			t.Fatal(err)
		}
	}
	allow(false)
	if _, err := beside.ExecContext(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", name); err != nil {
		t.Fatal(err)
	}
	got, out := b.call(t, "PATCH", "/demo/members/"+id, `{"firstName":"X"}`, admin)
	if got != 503 || out["title"] != "The database does not answer." || out["fix"] == nil {
		t.Errorf("without a database: %d %v, want 503 and what to do", got, out)
	}
	allow(true)
	// Each connection that the pool still holds may fail once.
	for range b.db.Stats().OpenConnections + 1 {
		if got, out = b.call(t, "PATCH", "/demo/members/"+id, `{"firstName":"X"}`, admin); got == 200 {
			return
		}
	}
	t.Errorf("with the database back: %d %v", got, out)
}
