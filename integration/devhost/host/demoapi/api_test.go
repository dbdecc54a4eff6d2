package demoapi_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestMemberLife(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	admin := as(b.one, integration.RoleClientAdmin)
	status, m := b.call(t, "POST", "/demo/members",
		`{"firstName":"Ada","lastName":"Byron","email":"ada@example.org","membership":{"plan":"Fellow","status":"active","endDate":"2090-06-30"}}`, admin)
	if status != 201 {
		t.Fatalf("create: %d %v", status, m)
	}
	path := "/demo/members/" + m["id"].(string)
	if ms := m["memberships"].([]any)[0].(map[string]any); ms["plan"] != "Fellow" || ms["endDate"] != "2090-06-30" {
		t.Errorf("membership: %v", ms)
	}
	if status, m = b.call(t, "PATCH", path, `{"lastName":"Lovelace","email":null}`, admin); status != 200 || m["lastName"] != "Lovelace" || m["email"] != "" || m["firstName"] != "Ada" {
		t.Errorf("patch: %d %v", status, m)
	}
	if status, m = b.call(t, "DELETE", path, "", admin); status != 409 || !strings.Contains(m["title"].(string), "active membership") {
		t.Errorf("delete with an active membership: %d %v", status, m)
	}
	if status, m = b.call(t, "PUT", path+"/membership", `{"plan":"Fellow","status":"expired","endDate":"2090-06-30"}`, admin); status != 200 {
		t.Errorf("membership: %d %v", status, m)
	}
	if status, _ = b.call(t, "DELETE", path, "", admin); status != 204 {
		t.Errorf("delete: %d", status)
	}
	if status, _ = b.call(t, "GET", path, "", admin); status != 404 {
		t.Errorf("get after delete: %d", status)
	}
	if status, m = b.call(t, "POST", "/demo/bulk", `{"members":25,"field":"company","value":"Acme"}`, admin); status != 200 || m["changed"] != 25.0 {
		t.Errorf("bulk: %d %v", status, m)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	user := as(b.one, integration.RoleClientUser)
	status, out := b.call(t, "GET", "/demo/members?page=2&itemsPerPage=50", "", user)
	if status != 200 || out["total"] != 60.0 || len(out["members"].([]any)) != 10 {
		t.Errorf("page 2: %d, total %v", status, out["total"])
	}
	if _, out = b.call(t, "GET", "/demo/members?status=pending", "", user); out["total"] != 2.0 {
		t.Errorf("pending: %v, want 2", out["total"])
	}
	for _, q := range []string{"page=0", "page=x", "itemsPerPage=101", "status=happy", "colour=red"} {
		name, _, _ := strings.Cut(q, "=")
		status, out := b.call(t, "GET", "/demo/members?"+q, "", user)
		if errs, _ := out["errors"].(map[string]any); status != 422 || errs[name] == nil {
			t.Errorf("%s: %d %v, want 422 on that name", q, status, out)
		}
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	admin := as(b.one, integration.RoleClientAdmin)
	id := b.firstMember(t, b.one)
	_, before := b.call(t, "GET", "/demo/members/"+id, "", admin)
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		field              string
	}{
		"unknown field":       {"PATCH", "/demo/members/" + id, `{"firstName":"X","nickname":"x"}`, 422, "nickname"},
		"unknown status":      {"PATCH", "/demo/members/" + id, `{"firstName":"X","status":"happy"}`, 422, "status"},
		"a number":            {"PATCH", "/demo/members/" + id, `{"firstName":1}`, 422, "firstName"},
		"no name":             {"POST", "/demo/members", `{"lastName":"x"}`, 422, "firstName"},
		"a membership list":   {"POST", "/demo/members", `{"firstName":"X","lastName":"Y","membership":[]}`, 422, "membership"},
		"a membership status": {"POST", "/demo/members", `{"firstName":"X","lastName":"Y","membership":{"plan":"Fellow","status":"on"}}`, 422, "status"},
		"an unknown plan":     {"PUT", "/demo/members/" + id + "/membership", `{"plan":"Gold","status":"active"}`, 422, "plan"},
		"a foreign word":      {"PUT", "/demo/members/" + id + "/membership", `{"plan":"Fellow","status":"active","ends":"x"}`, 422, "ends"},
		"not JSON":            {"PATCH", "/demo/members/" + id, `firstName=X`, 400, ""},
		"a list":              {"PATCH", "/demo/members/" + id, `[]`, 400, ""},
		"nothing":             {"PATCH", "/demo/members/" + id, ``, 400, ""},
		"cut off":             {"PATCH", "/demo/members/" + id, `{"firstName":"X"`, 400, ""},
		"a name twice":        {"PATCH", "/demo/members/" + id, `{"firstName":"X","firstName":"Y"}`, 400, ""},
		"something after it":  {"PATCH", "/demo/members/" + id, `{"firstName":"X"}{}`, 400, ""},
		"no count":            {"POST", "/demo/bulk", `{}`, 422, "members"},
		"the email in bulk":   {"POST", "/demo/bulk", `{"members":1,"field":"email"}`, 422, "field"},
		"a client's name":     {"POST", "/demo/clients", `{"members":1}`, 422, "name"},
		"too many members":    {"POST", "/demo/clients", `{"name":"N","members":1000000}`, 422, "members"},
		"a name that exists":  {"POST", "/demo/clients", `{"name":"Harbour Institute of Engineers"}`, 409, "name"},
		"an unknown address":  {"GET", "/demo/nothing", ``, 404, ""},
		"a method":            {"PUT", "/demo/members/" + id, `{}`, 405, ""},
	} {
		headers := maps.Clone(admin)
		if strings.HasPrefix(c.path, "/demo/clients") {
			headers = nil
		}
		status, out := b.call(t, c.method, c.path, c.body, headers)
		errs, _ := out["errors"].(map[string]any)
		if status != c.status || c.field != "" && errs[c.field] == nil {
			t.Errorf("%s: %d %v, want %d on %q", name, status, out, c.status, c.field)
		}
		if out["title"] == "" || out["status"] != float64(status) {
			t.Errorf("%s: the answer does not say what happened: %v", name, out)
		}
	}
	if _, after := b.call(t, "GET", "/demo/members/"+id, "", admin); !reflect.DeepEqual(before, after) {
		t.Errorf("a refused request changed the member: %v -> %v", before, after)
	}
}

func TestBodySizeAndType(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	admin := as(b.one, integration.RoleClientAdmin)
	path := "/demo/members/" + b.firstMember(t, b.one)
	ten := int64(10 << 20)
	huge := func() io.Reader {
		return io.MultiReader(strings.NewReader(`{"firstName":"`), io.LimitReader(letters{}, ten), strings.NewReader(`"}`))
	}
	if status, _, _ := b.send(t, "PATCH", path, huge(), admin); status != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB in chunks: %d, want 413", status)
	}
	long := strings.Repeat("x", int(ten))
	if status, _, _ := b.send(t, "PATCH", path, strings.NewReader(`{"firstName":"`+long+`"}`), admin); status != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB with a length: %d, want 413", status)
	}
	form := maps.Clone(admin)
	form["Content-Type"] = "application/x-www-form-urlencoded"
	if status, _ := b.call(t, "PATCH", path, `{"firstName":"X"}`, form); status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d, want 415", status)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestClients(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	_, out := b.call(t, "GET", "/demo/clients", "", nil)
	list := out["clients"].([]any)
	if len(list) != 2 {
		t.Fatalf("%d clients, want 2", len(list))
	}
	first := list[0].(map[string]any)
	if first["id"] != b.one || first["members"] != 60.0 || fmt.Sprint(first["portal"]) != "map[apiKey:key-of-1234 portalId:1234]" {
		t.Errorf("first client: %v", first)
	}
	if _, out = b.call(t, "GET", "/demo/clients", "", as(b.two, integration.RoleClientAdmin)); len(out["clients"].([]any)) != 1 {
		t.Error("an admin sees other clients")
	}
	status, made := b.call(t, "POST", "/demo/clients", `{"name":"New One","members":12}`, nil)
	if status != 201 || made["members"] != 12.0 {
		t.Fatalf("a new client: %d %v", status, made)
	}
	if _, out = b.call(t, "GET", "/demo/members", "", as(made["id"].(string), integration.RoleClientUser)); out["total"] != 12.0 {
		t.Errorf("its members: %v", out["total"])
	}
}
