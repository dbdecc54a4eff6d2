package portal_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/portal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

// shelf is a CRM with the contacts that a test puts there.
type shelf struct{ contacts []portal.Contact }

func (s *shelf) Contacts(string) []portal.Contact { return s.contacts }
func (s *shelf) Portal(string) (string, string, bool) {
	return "777", "pat-demo-shelf", true
}

type bundle struct {
	*hosttest.Host
	people   *clients.Module
	members  *members.Module
	crm      *shelf
	url      string
	one, two string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	h := hosttest.Empty(t)
	b := &bundle{Host: h, people: h.Clients, members: h.Members, crm: &shelf{}}
	list, err := h.Seeder().First(t.Context(), 2, 35)
	if err != nil {
		t.Fatal(err)
	}
	b.one, b.two = list[0].ID, list[1].ID
	gate := signin.New(b.people, []byte("key"), true, time.Now)
	p, err := portal.New(portal.Config{
		Clients: b.people, Members: b.members, Organizations: h.Organizations, Events: h.Events, Courses: h.Courses, Tickets: h.Tickets, DB: h.DB, Gate: gate, CRM: b.crm, Settings: "/settings/integrations/hubspot",
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gate.Middleware(p))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

// visitor is a browser that has signed in.
type visitor struct {
	t      *testing.T
	client *http.Client
	url    string
}

func (b *bundle) as(t *testing.T, clientID string, role integration.Role) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, client: &http.Client{Jar: jar}, url: b.url}
	if role == "" {
		return v
	}
	user, err := b.people.UserIn(t.Context(), clientID, role)
	if err != nil {
		t.Fatal(err)
	}
	v.post("/signin", "user", user.ID)
	return v
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	resp, err := v.client.Get(v.url + path)
	return v.read(resp, err)
}

func (v *visitor) post(path string, pairs ...string) (int, string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	resp, err := v.client.PostForm(v.url+path, form)
	return v.read(resp, err)
}

func (v *visitor) read(resp *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func (b *bundle) some(t *testing.T, clientID string, n int) members.Profile {
	t.Helper()
	page, err := b.members.List(t.Context(), clientID, members.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Members[n]
}

func TestPagesByRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id, foreign := b.some(t, b.one, 0).ID, b.some(t, b.two, 0).ID
	for _, c := range []struct {
		method, path                       string
		admin, user, member, platform, out int
	}{
		{"GET", "/members", 200, 200, 403, 403, 200}, // nobody is led to the sign-in
		{"GET", "/members/" + id, 200, 200, 403, 403, 200},
		{"GET", "/members/" + id + "/contact", 200, 200, 403, 403, 200},
		{"GET", "/members/" + foreign, 404, 404, 403, 403, 200},
		{"GET", "/members/new", 200, 403, 403, 403, 200},
		{"POST", "/members/new", 422, 403, 403, 403, 401},
		{"POST", "/members/" + id, 200, 403, 403, 403, 401},
		{"POST", "/members/" + foreign, 404, 403, 403, 403, 401},
		{"POST", "/members/" + id + "/membership", 422, 403, 403, 403, 401},
		{"POST", "/members/" + foreign + "/membership", 404, 403, 403, 403, 401},
		{"GET", "/members/" + id + "/delete", 200, 403, 403, 403, 200},
		{"POST", "/members/" + foreign + "/delete", 404, 403, 403, 403, 401},
		{"GET", "/what-hubspot-has", 200, 200, 403, 403, 200},
		{"GET", "/what-hubspot-has/rows", 200, 200, 403, 403, 200},
		{"GET", "/associations", 403, 403, 403, 200, 200},
		{"POST", "/associations/" + b.two + "/act", 403, 403, 403, 200, 403},
		{"GET", "/nothing", 404, 404, 404, 404, 404},
	} {
		for role, want := range map[integration.Role]int{
			integration.RoleClientAdmin: c.admin, integration.RoleClientUser: c.user, integration.RoleMember: c.member,
			integration.RolePlatformAdmin: c.platform, "": c.out,
		} {
			client := b.one
			if role == integration.RolePlatformAdmin {
				client = ""
			}
			v := b.as(t, client, role)
			got, body := v.get(c.path)
			if c.method == "POST" {
				got, body = v.post(c.path, "city", "X")
			}
			if got != want {
				t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, role, got, want)
			}
			if role == "" && got == 200 && !strings.Contains(body, "choose who you are") {
				t.Errorf("%s without a session is not the sign-in", c.path)
			}
		}
	}
	if m, err := b.members.Get(t.Context(), b.two, foreign); err != nil || m.City == "X" {
		t.Errorf("a foreign member was changed: %v", err)
	}
}

func TestMemberForms(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.as(t, b.one, integration.RoleClientAdmin)
	status, body := v.post("/members/new", "firstName", "Nora", "lastName", "New", "email", "nora@example.org", "status", "active",
		"plan", "Fellow", "membershipStatus", "active", "endDate", "2099-01-01")
	if status != 200 || !strings.Contains(body, "The member was added.") || !strings.Contains(body, `value="2099-01-01"`) {
		t.Fatalf("adding: %d", status)
	}
	page, err := b.members.List(t.Context(), b.one, members.Query{Search: "nora@"})
	if err != nil || page.Total != 1 {
		t.Fatalf("added: %d, %v", page.Total, err)
	}
	id := page.Members[0].ID
	for name, c := range map[string]struct {
		path  string
		form  []string
		says  []string
		after int
	}{
		"a taken address":      {"/members/" + id, []string{"email", b.some(t, b.one, 1).Email}, []string{"Another member has this address."}, 409},
		"a mistake":            {"/members/" + id, []string{"email", "nora", "lastName", "Kept"}, []string{"not an email address", `value="nora"`, `value="Kept"`}, 422},
		"an end that is none":  {"/members/" + id + "/membership", []string{"plan", "Fellow", "membershipStatus", "active", "endDate", "soon"}, []string{"This is not a date."}, 422},
		"a running membership": {"/members/" + id + "/delete", nil, []string{"active membership", "cancelled or expired"}, 409},
	} {
		status, body := v.post(c.path, c.form...)
		if status != c.after {
			t.Errorf("%s: %d, want %d", name, status, c.after)
		}
		for _, want := range c.says {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %q", name, want)
			}
		}
	}
	if status, _ := v.post("/members/"+id+"/membership", "plan", "Fellow", "membershipStatus", "cancelled", "endDate", ""); status != 200 {
		t.Fatalf("ending the membership: %d", status)
	}
	if status, body := v.post("/members/" + id + "/delete"); status != 200 || !strings.Contains(body, "The member was deleted.") {
		t.Errorf("deleting: %d", status)
	}
	if status, _ := v.post("/members/new", "firstName", strings.Repeat("x", 1<<20)); status != 413 {
		t.Errorf("a form of 1 MB: %d, want 413", status)
	}
}

func TestComparison(t *testing.T) {
	t.Parallel()
	b := setup(t)
	same, other, known := b.some(t, b.one, 0), b.some(t, b.one, 1), b.some(t, b.one, 2)
	properties := func(m members.Profile) map[string]string {
		p := map[string]string{
			"memberpulse_member_id": m.ID, "firstname": m.FirstName, "lastname": m.LastName, "email": strings.ToLower(m.Email), "jobtitle": m.Position,
			"mobilephone": m.Mobile, "company": m.Company, "city": m.City, "memberpulse_member_status": string(m.Status),
		}
		for _, ms := range m.Memberships {
			p["memberpulse_membership_status"] = string(ms.Status)
		}
		return p
	}
	changed := properties(other)
	changed["lastname"] = "Before"
	b.crm.contacts = []portal.Contact{
		{ID: "1", Properties: properties(same), UpdatedAt: time.Now(), Companies: []string{"Acme & Sons"},
			Notes: []portal.Note{{ID: "9", Body: "<p>Joined: <b>Fellow</b></p>&amp; <script>x</script>"}}},
		{ID: "2", Properties: changed, UpdatedAt: time.Now()},
		{ID: "3", Properties: map[string]string{"email": known.Email, "firstname": "Typed", "lastname": "<i>By hand</i>"}, UpdatedAt: time.Now()},
	}
	v := b.as(t, b.one, integration.RoleClientUser)
	for id, want := range map[string]string{same.ID: "Same", other.ID: "Differs", known.ID: "Only the address is known", b.some(t, b.one, 3).ID: "Not in HubSpot"} {
		if _, body := v.get("/members/" + id + "/contact"); !strings.Contains(body, ">"+want+"<") {
			t.Errorf("member %s: want %q in %s", id, want, body)
		}
	}
	if _, body := v.get("/members/" + same.ID + "/contact"); !strings.Contains(body, "company Acme &amp; Sons") || !strings.Contains(body, "Joined: Fellow &amp; x") {
		t.Errorf("company and notes: %s", body)
	}
	_, body := v.get("/what-hubspot-has?search=" + url.QueryEscape(same.Email))
	if !strings.Contains(body, "HubSpot, 3 contacts") || strings.Contains(body, "<i>By hand") || strings.Contains(body, "pat-demo-shelf") {
		t.Error("the comparison miscounts, shows HTML of a contact, or a key to somebody who may not connect")
	}
	if _, body := b.as(t, b.one, integration.RoleClientAdmin).get("/what-hubspot-has"); !strings.Contains(body, "pat-demo-shelf") || !strings.Contains(body, "777") {
		t.Error("an admin does not learn how to connect by hand")
	}
}

func TestImpersonationIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.as(t, "", integration.RolePlatformAdmin)
	if status, body := v.get("/associations"); status != 200 || !strings.Contains(body, "Southern Allied Health Association") {
		t.Fatalf("associations: %d", status)
	}
	if status, body := v.post("/associations/" + b.two + "/act"); status != 200 || !strings.Contains(body, "A platform admin is acting as Alex Admin") {
		t.Errorf("acting: %d", status)
	}
}

func TestFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	b := setup(t)
	m := b.some(t, b.one, 0)
	v := b.as(t, b.one, integration.RoleClientAdmin)
	req, err := http.NewRequestWithContext(t.Context(), "POST", b.url+"/members/"+m.ID, strings.NewReader("firstName=Evil"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _ := v.read(v.client.Do(req)); status != 403 {
		t.Errorf("%d, want 403", status)
	}
	if got := b.some(t, b.one, 0); got.FirstName != m.FirstName {
		t.Error("the form was carried out")
	}
}
