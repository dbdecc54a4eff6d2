package demoapi_test

import (
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/memberpulse/hubspotplugin/integration"
)

// does calls as the first client's admin and insists on the status.
func (b *bundle) does(t *testing.T, want int, method, path, body string) map[string]any {
	t.Helper()
	got, out := b.call(t, method, path, body, as(b.one, integration.RoleClientAdmin))
	if got != want {
		t.Fatalf("%s %s: %d %v, want %d", method, path, got, out, want)
	}
	return out
}

func field(t *testing.T, doc map[string]any, name string) string {
	t.Helper()
	text, ok := doc[name].(string)
	if !ok {
		t.Fatalf("%s is %v", name, doc[name])
	}
	return text
}

func TestOrganizations(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	o := b.does(t, 201, "POST", "/demo/organizations", `{"name":"Acme","domain":"acme.example.org","seats":3,"plan":"Fellow","startDate":"2026-01-01"}`)
	path, id := "/demo/organizations/"+field(t, o, "id"), b.firstMember(t, b.one)
	if o["seats"] != 3.0 || o["plan"] != "Fellow" || o["seatsTaken"] != 0.0 {
		t.Errorf("created: %v", o)
	}
	m := b.does(t, 200, "PUT", "/demo/members/"+id+"/organization", `{"organizationId":"`+field(t, o, "id")+`"}`)
	if m["organizationId"] != o["id"] {
		t.Errorf("moved: %v", m)
	}
	if o = b.does(t, 200, "PATCH", path, `{"name":"Acme Group","seats":null}`); o["name"] != "Acme Group" || o["seats"] != 0.0 || o["seatsTaken"] != 1.0 || o["domain"] != "acme.example.org" {
		t.Errorf("patched: %v", o)
	}
	if list := b.does(t, 200, "GET", "/demo/organizations?search=acme&itemsPerPage=5", ""); list["total"] != 1.0 || len(list["organizations"].([]any)) != 1 {
		t.Errorf("list: %v", list)
	}
	b.does(t, 204, "DELETE", path, "")
	b.does(t, 404, "GET", path, "")
	if m = b.does(t, 200, "GET", "/demo/members/"+id, ""); m["organizationId"] != nil {
		t.Errorf("after the deletion: %v", m["organizationId"])
	}
	b.does(t, 200, "PUT", "/demo/members/"+id+"/organization", `{"organizationId":null}`)
}

func TestMembershipOperations(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	m := b.does(t, 201, "POST", "/demo/members", `{"firstName":"Ada","lastName":"Byron","interestedIn":["Machines","Poetry"],"dateOfBirth":"1815-12-10",
		"membership":{"plan":"Associate","status":"active","endDate":"2090-06-30","priceType":"monthly"}}`)
	path := "/demo/members/" + field(t, m, "id")
	if !reflect.DeepEqual(m["interestedIn"], []any{"Machines", "Poetry"}) || m["dateOfBirth"] != "1815-12-10" || m["crmId"] != "" {
		t.Errorf("created: %v", m)
	}
	do := func(body string) map[string]any {
		t.Helper()
		return b.does(t, 200, "POST", path+"/membership", body)["memberships"].([]any)[0].(map[string]any)
	}
	if ms := do(`{"action":"renew"}`); ms["endDate"] != "2090-07-30" || ms["renewedAt"] == nil || ms["priceType"] != "monthly" {
		t.Errorf("renewed: %v", ms)
	}
	if ms := do(`{"action":"upgrade","plan":"Fellow"}`); ms["plan"] != "Fellow" || ms["upgradedFrom"] != "Associate" || ms["upgradedAt"] == nil {
		t.Errorf("upgraded: %v", ms)
	}
	if ms := do(`{"action":"schedule-downgrade","plan":"Student","on":"2090-01-01"}`); ms["downgradeTo"] != "Student" || ms["downgradeOn"] != "2090-01-01" {
		t.Errorf("scheduled: %v", ms)
	}
	if ms := do(`{"action":"apply-downgrade"}`); ms["plan"] != "Student" || ms["downgradedAt"] == nil || ms["downgradeTo"] != nil {
		t.Errorf("downgraded: %v", ms)
	}
	if ms := do(`{"action":"expire"}`); ms["status"] != "expired" {
		t.Errorf("expired: %v", ms)
	}
	b.does(t, 409, "POST", path+"/membership", `{"action":"cancel"}`)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	e := b.does(t, 201, "POST", "/demo/events", `{"name":"Gala","start":"2030-05-01T18:00:00+10:00","end":"2030-05-01T23:00:00+10:00","type":"live"}`)
	path, id := "/demo/events/"+field(t, e, "id"), b.firstMember(t, b.one)
	if e["start"] != "2030-05-01T08:00:00Z" || e["cancelled"] != false {
		t.Errorf("created: %v", e)
	}
	r := b.does(t, 201, "POST", path+"/registrations", `{"memberId":"`+id+`"}`)
	guest := b.does(t, 201, "POST", path+"/registrations", `{"memberId":null,"name":"Jo Guest","email":"jo@example.org","status":"pending"}`)
	if r["status"] != "confirmed" || r["attended"] != nil || r["memberId"] != id || guest["memberId"] != nil || guest["status"] != "pending" {
		t.Errorf("registered: %v, %v", r, guest)
	}
	place := "/demo/registrations/" + field(t, r, "id")
	for _, c := range []struct {
		body     string
		attended any
		status   string
	}{
		{`{"attended":true}`, true, "checked_in"}, {`{"attended":true}`, true, "checked_in"}, {`{"attended":null}`, nil, "confirmed"},
		{`{"attended":false}`, false, "confirmed"}, {`{"status":"cancelled"}`, false, "cancelled"},
	} {
		if got := b.does(t, 200, "PATCH", place, c.body); got["attended"] != c.attended || got["status"] != c.status {
			t.Errorf("%s: %v", c.body, got)
		}
	}
	if e = b.does(t, 200, "PATCH", path, `{"name":"Gala dinner","cancelled":true}`); e["cancelled"] != true || e["registered"] != 1.0 {
		t.Errorf("cancelled: %v", e)
	}
	if list := b.does(t, 200, "GET", path+"/registrations", ""); list["total"] != 2.0 {
		t.Errorf("registrations: %v", list)
	}
	if list := b.does(t, 200, "GET", "/demo/events", ""); list["total"] != 7.0 {
		t.Errorf("events: %v", list["total"])
	}
	found := false
	for _, one := range b.does(t, 200, "GET", "/demo/members/"+id, "")["registrations"].([]any) {
		found = found || one.(map[string]any)["event"] == "Gala dinner"
	}
	if !found {
		t.Error("the member does not show the registration")
	}
}

func TestCoursesAndTickets(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	id := b.firstMember(t, b.one)
	c := b.does(t, 201, "POST", "/demo/courses", `{"name":"Latin","description":"Amo."}`)
	e := b.does(t, 201, "POST", "/demo/courses/"+field(t, c, "id")+"/enrollments", `{"memberId":"`+id+`"}`)
	if e = b.does(t, 200, "PATCH", "/demo/enrollments/"+field(t, e, "id"), `{"progress":50}`); e["progress"] != 50.0 || e["status"] != "active" {
		t.Errorf("progress: %v", e)
	}
	if e = b.does(t, 200, "PATCH", "/demo/enrollments/"+field(t, e, "id"), `{"status":"completed"}`); e["progress"] != 100.0 || e["completedAt"] == nil {
		t.Errorf("completed: %v", e)
	}
	if list := b.does(t, 200, "GET", "/demo/courses/"+field(t, c, "id")+"/enrollments", ""); list["total"] != 1.0 {
		t.Errorf("enrollments: %v", list)
	}
	if list := b.does(t, 200, "GET", "/demo/courses?search=latin", ""); list["total"] != 1.0 {
		t.Errorf("courses: %v", list)
	}
	k := b.does(t, 201, "POST", "/demo/tickets", `{"subject":"Help","memberId":null,"name":"Jo","email":"jo@example.org"}`)
	path := "/demo/tickets/" + field(t, k, "id")
	k = b.does(t, 200, "PATCH", path, `{"status":"waiting","memberId":"`+id+`","reply":{"text":"Which one?","public":true}}`)
	if k["status"] != "waiting" || k["memberId"] != id || len(k["history"].([]any)) != 2 || len(k["replies"].([]any)) != 1 || k["crmId"] != "" {
		t.Errorf("answered: %v", k)
	}
	k = b.does(t, 200, "PATCH", path, `{"reply":{"text":"Internal"}}`)
	if r := k["replies"].([]any)[1].(map[string]any); r["public"] != false {
		t.Errorf("a reply that says nothing is public: %v", r)
	}
	if list := b.does(t, 200, "GET", "/demo/tickets?status=waiting&search="+field(t, k, "number"), ""); list["total"] != 1.0 {
		t.Errorf("tickets: %v", list)
	}
}

func TestBadInputAboutEverything(t *testing.T) {
	t.Parallel()
	b := setup(t, true)
	id := b.firstMember(t, b.one)
	first := func(path, name string) string {
		return b.does(t, 200, "GET", path, "")[name].([]any)[0].(map[string]any)["id"].(string)
	}
	org, event, course, ticket := first("/demo/organizations", "organizations"), first("/demo/events", "events"), first("/demo/courses", "courses"), first("/demo/tickets", "tickets")
	reg := first("/demo/events/"+event+"/registrations", "registrations")
	enr := first("/demo/courses/"+course+"/enrollments", "enrollments")
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		field              string
	}{
		"organization without a name":  {"POST", "/demo/organizations", `{"seats":1}`, 422, "name"},
		"seats that are text":          {"PATCH", "/demo/organizations/" + org, `{"seats":"1"}`, 422, "seats"},
		"half a seat":                  {"PATCH", "/demo/organizations/" + org, `{"seats":1.5}`, 422, "seats"},
		"organization's unknown field": {"PATCH", "/demo/organizations/" + org, `{"colour":"red"}`, 422, "colour"},
		"no organization said":         {"PUT", "/demo/members/" + id + "/organization", `{}`, 422, "organizationId"},
		"an organization that is not":  {"PUT", "/demo/members/" + id + "/organization", `{"organizationId":"` + uuid.NewString() + `"}`, 422, "organizationId"},
		"unknown action":               {"POST", "/demo/members/" + id + "/membership", `{"action":"explode"}`, 422, "action"},
		"event without a start":        {"POST", "/demo/events", `{"name":"X"}`, 422, "start"},
		"cancelled that is text":       {"PATCH", "/demo/events/" + event, `{"cancelled":"yes"}`, 422, "cancelled"},
		"nobody registers":             {"POST", "/demo/events/" + event + "/registrations", `{"memberId":null}`, 422, "memberId"},
		"attended that is text":        {"PATCH", "/demo/registrations/" + reg, `{"attended":"yes"}`, 422, "attended"},
		"nobody enrolls":               {"POST", "/demo/courses/" + course + "/enrollments", `{}`, 422, "memberId"},
		"too much progress":            {"PATCH", "/demo/enrollments/" + enr, `{"progress":101}`, 422, "progress"},
		"ticket without a subject":     {"POST", "/demo/tickets", `{}`, 422, "subject"},
		"ticket's unknown status":      {"PATCH", "/demo/tickets/" + ticket, `{"status":"lost"}`, 422, "status"},
		"a reply that is text":         {"PATCH", "/demo/tickets/" + ticket, `{"reply":"hello"}`, 422, "reply"},
		"a reply's unknown field":      {"PATCH", "/demo/tickets/" + ticket, `{"reply":{"text":"x","loud":true}}`, 422, "reply"},
		"public that is text":          {"PATCH", "/demo/tickets/" + ticket, `{"reply":{"text":"x","public":"yes"}}`, 422, "reply"},
		"the CRM ID of a ticket":       {"PATCH", "/demo/tickets/" + ticket, `{"crmId":"7"}`, 422, "crmId"},
		"the CRM ID of a member":       {"PATCH", "/demo/members/" + id, `{"crmId":"7"}`, 422, "crmId"},
		"interests that are a number":  {"PATCH", "/demo/members/" + id, `{"interestedIn":[1]}`, 422, "interestedIn"},
		"an interest with a comma":     {"PATCH", "/demo/members/" + id, `{"interestedIn":["a,b"]}`, 422, "interestedIn"},
		"an unknown parameter":         {"GET", "/demo/events?colour=red", ``, 422, "colour"},
		"no such event":                {"PATCH", "/demo/events/" + uuid.NewString(), `{"name":"X"}`, 404, ""},
		"no such registration":         {"PATCH", "/demo/registrations/x", `{"attended":true}`, 404, ""},
		"a method":                     {"DELETE", "/demo/events/" + event, ``, 405, ""},
	} {
		status, out := b.call(t, c.method, c.path, c.body, as(b.one, integration.RoleClientAdmin))
		errs, _ := out["errors"].(map[string]any)
		if status != c.status || c.field != "" && errs[c.field] == nil || out["title"] == "" {
			t.Errorf("%s: %d %v, want %d on %q", name, status, out, c.status, c.field)
		}
	}
	// Foreign things are unknown, and only an admin changes anything.
	for _, c := range []struct{ method, path, body string }{
		{"PATCH", "/demo/organizations/" + org, `{"name":"X"}`}, {"DELETE", "/demo/organizations/" + org, ""}, {"PATCH", "/demo/events/" + event, `{"name":"X"}`},
		{"POST", "/demo/events/" + event + "/registrations", `{"name":"Jo"}`}, {"PATCH", "/demo/registrations/" + reg, `{"attended":null}`},
		{"PATCH", "/demo/enrollments/" + enr, `{"progress":1}`}, {"PATCH", "/demo/tickets/" + ticket, `{"status":"closed"}`},
	} {
		if got, _ := b.call(t, c.method, c.path, c.body, as(b.two, integration.RoleClientAdmin)); got != 404 {
			t.Errorf("%s %s of a foreign admin: %d, want 404", c.method, c.path, got)
		}
		if got, _ := b.call(t, c.method, c.path, c.body, as(b.one, integration.RoleClientUser)); got != 403 {
			t.Errorf("%s %s of somebody who may look only: %d, want 403", c.method, c.path, got)
		}
	}
}
