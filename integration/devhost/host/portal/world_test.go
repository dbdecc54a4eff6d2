package portal_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

// click insists on a page with these words.
func click(t *testing.T, v *visitor, path string, form []string, says ...string) string {
	t.Helper()
	status, body := v.post(path, form...)
	if status != 200 {
		t.Fatalf("POST %s: %d", path, status)
	}
	has(t, path, body, says...)
	return body
}

func has(t *testing.T, path, body string, says ...string) {
	t.Helper()
	for _, want := range says {
		if !strings.Contains(body, want) {
			t.Errorf("%s: the page lacks %q", path, want)
		}
	}
}

func TestClicksAboutAMember(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.as(t, b.one, integration.RoleClientAdmin), b.some(t, b.one, 0)
	end := "2099-01-01"
	if _, err := b.members.SetMembership(t.Context(), b.one, m.ID, members.MembershipPatch{Plan: "Associate", Status: "active", EndDate: &end}); err != nil {
		t.Fatal(err)
	}
	orgs, err := b.Organizations.List(t.Context(), b.one, store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	path := "/members/" + m.ID
	click(t, v, path+"/organization", []string{"organizationId", orgs.Items[3].ID}, "Saved.", `selected>`+strings.ReplaceAll(orgs.Items[3].Name, "&", "&amp;"))
	click(t, v, path+"/operation", []string{"action", "upgrade", "plan", "Fellow"}, "Saved.", "membership upgraded: Fellow, from Associate")
	click(t, v, path+"/operation", []string{"action", "schedule-downgrade", "plan", "Student", "on", ""}, "A downgrade to Student on 2099-01-01 is scheduled.")
	status, body := v.post(path+"/operation", "action", "upgrade", "plan", "Student", "endDate", "")
	if status != 422 {
		t.Errorf("an upgrade downwards: %d", status)
	}
	has(t, path, body, "This plan is not above the present one", "<option selected>upgrade")
	if status, body := v.post(path+"/operation", "action", "withdraw-downgrade"); status != 200 || strings.Contains(body, "is scheduled.") {
		t.Errorf("withdrawing: %d", status)
	}
	if status, _ := v.post(path+"/operation", "action", "withdraw-downgrade"); status != 409 {
		t.Errorf("withdrawing again: %d, want 409", status)
	}
	click(t, v, path, []string{"bio", "One.\r\nTwo.", "interestedIn", "A, B", "gender", "Other", "dateOfBirth", "1990-02-03"}, "Saved.", "One.\nTwo.", `value="A, B"`, `value="1990-02-03"`)
	_, body = b.as(t, b.one, integration.RoleClientUser).get(path)
	if strings.Contains(body, ">Do it<") || strings.Contains(body, ">Move<") || strings.Contains(body, ">Complete<") {
		t.Error("somebody who may only look sees buttons")
	}
}

func TestClicksAboutOrganizations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.as(t, b.one, integration.RoleClientAdmin)
	body := click(t, v, "/organizations/new", []string{"name", "Acme & Sons", "domain", "acme.example.org", "seats", "3", "plan", "Fellow", "startDate", "2026-01-01", "endDate", ""},
		"Added.", "Acme &amp; Sons", `value="acme.example.org"`, "<option selected>Fellow")
	path := regexp.MustCompile(`action="(/organizations/[0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	status, body := v.post(path, "name", "", "phone", "kept")
	if status != 422 {
		t.Errorf("without a name: %d", status)
	}
	has(t, path, body, "A name is required.", `value="kept"`)
	click(t, v, path, []string{"name", "Acme Group"}, "Saved.", "Acme Group")
	_, body = v.get("/organizations?search=acme")
	has(t, "/organizations", body, "1 to 1 of 1", "0 of 3")
	click(t, v, path+"/delete", nil, "Deleted.")
	if status, _ := v.get(path); status != 404 {
		t.Errorf("after the deletion: %d", status)
	}
}

func TestClicksAboutEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.as(t, b.one, integration.RoleClientAdmin), b.some(t, b.one, 0)
	body := click(t, v, "/events/new", []string{"name", "Gala", "type", "live", "start", "2030-05-01T18:00", "end", ""}, "Added.", `value="2030-05-01T20:00"`, "Australia/Sydney")
	path := regexp.MustCompile(`action="(/events/[0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	body = click(t, v, path+"/registrations", []string{"member", m.Email, "name", "", "email", "", "status", "confirmed"}, "Saved.", m.Email, ">Attended<", ">No-show<")
	mark := regexp.MustCompile(`action="(/registrations/[0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	click(t, v, mark, []string{"attended", "true"}, "checked_in", ">Undo<", ">No-show<")
	click(t, v, mark, []string{"attended", "false"}, "no-show", ">Attended<")
	if body = click(t, v, mark, []string{"attended", ""}, ">Attended<", ">Cancel<"); strings.Contains(body, ">Undo<") {
		t.Error("an undone mark can be undone again")
	}
	click(t, v, path+"/registrations", []string{"member", "", "name", "Jo Guest", "email", "jo@example.org", "status", "pending"}, "Jo Guest", "no member", ">Confirm<")
	for name, c := range map[string]struct {
		form []string
		says string
	}{
		"nobody":     {[]string{"member", "", "name", "", "email", ""}, "Say who:"},
		"a stranger": {[]string{"member", "nobody@example.org"}, "No member has this address"},
		"many":       {[]string{"member", "example.org"}, "members match. Type the whole email address."},
		"twice":      {[]string{"member", m.Email, "status", "confirmed"}, "registered for the event already"},
	} {
		status, body := v.post(path+"/registrations", c.form...)
		if status != 422 || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d without %q", name, status, c.says)
		}
	}
	click(t, v, path, []string{"name", "Gala dinner", "cancelled", "true"}, "Saved.", "Gala dinner", `value="true" selected`)
	_, body = v.get("/members/" + m.ID)
	has(t, "the member", body, "Gala dinner", "event attended: Gala", "event no show: Gala")
}

func TestClicksAboutCoursesAndTickets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.as(t, b.one, integration.RoleClientAdmin), b.some(t, b.one, 0)
	body := click(t, v, "/courses", []string{"name", "Latin", "description", "Amo."}, "Latin", "Amo.")
	path := regexp.MustCompile(`action="(/courses/[0-9a-f-]{36})/enrollments"`).FindStringSubmatch(body)[1]
	body = click(t, v, path+"/enrollments", []string{"member", m.ID}, "Saved.", ">Complete<")
	step := regexp.MustCompile(`action="(/enrollments/[0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	click(t, v, step, []string{"status", "completed"}, "100 %", ">Reopen<")
	if status, body := v.post("/courses", "name", ""); status != 422 || !strings.Contains(body, "A name is required.") {
		t.Errorf("a course without a name: %d", status)
	}
	if status, _ := v.post(path+"/enrollments", "member", ""); status != 422 {
		t.Errorf("nobody enrolls: %d", status)
	}

	body = click(t, v, "/tickets/new", []string{"subject", "Help <b>me</b>", "member", m.Email, "description", "Now"}, "Added.", "Help &lt;b&gt;me", "T-1013")
	path = regexp.MustCompile(`action="(/tickets/[0-9a-f-]{36})"`).FindStringSubmatch(body)[1]
	click(t, v, path, []string{"status", "in progress", "subject", "Help", "member", m.ID, "reply", "Looking", "public", "true"}, "Saved.", "Public reply", "Looking", "in progress")
	click(t, v, path, []string{"member", "", "reply", "Wait", "public", ""}, "Internal reply", "no member")
	status, body := v.post(path, "subject", "", "reply", "kept text")
	if status != 422 {
		t.Errorf("without a subject: %d", status)
	}
	has(t, path, body, "A subject is required.", "kept text")
	if status, _ := v.post("/tickets/new", "subject", ""); status != 422 {
		t.Errorf("a ticket without a subject: %d", status)
	}
	_, body = v.get("/tickets?status=in+progress&search=help")
	has(t, "/tickets", body, "1 to 1 of 1")
}

// TestWorldByRole: everybody who may look sees every page, only an admin changes
// anything, and what belongs to others is not there.
func TestWorldByRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	ids := map[string]string{}
	for _, clientID := range []string{b.one, b.two} {
		orgs, err := b.Organizations.List(ctx, clientID, store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		events, err := b.Events.List(ctx, clientID, store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		lessons, err := b.Courses.List(ctx, clientID, store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		asked, err := b.Tickets.List(ctx, clientID, tickets.Query{})
		if err != nil {
			t.Fatal(err)
		}
		places, err := b.Events.Registrations(ctx, clientID, events.Items[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, id := range map[string]string{"organizations": orgs.Items[0].ID, "events": events.Items[0].ID, "courses": lessons.Items[0].ID, "tickets": asked.Items[0].ID, "registrations": places[0].ID} {
			ids[clientID+name] = id
		}
	}
	user, admin, member, out := b.as(t, b.one, integration.RoleClientUser), b.as(t, b.one, integration.RoleClientAdmin), b.as(t, b.one, integration.RoleMember), b.as(t, b.one, "")
	for _, kind := range []string{"organizations", "events", "courses", "tickets"} {
		own, foreign := "/"+kind+"/"+ids[b.one+kind], "/"+kind+"/"+ids[b.two+kind]
		for path, want := range map[string]int{"/" + kind: 200, own: 200, foreign: 404} {
			if got, _ := user.get(path); got != want {
				t.Errorf("GET %s: %d, want %d", path, got, want)
			}
		}
		if got, _ := member.get("/" + kind); got != 403 {
			t.Errorf("GET /%s as a member: %d, want 403", kind, got)
		}
		if _, body := out.get("/" + kind); !strings.Contains(body, "choose who you are") {
			t.Errorf("GET /%s without a session is not the sign-in", kind)
		}
	}
	for path, form := range map[string][]string{
		"/organizations/": {"name", "X"}, "/events/": {"name", "X"}, "/tickets/": {"subject", "X"}, "/registrations/": {"attended", "true"},
	} {
		kind := strings.Trim(path, "/")
		if got, _ := user.post(path+ids[b.one+kind], form...); got != 403 {
			t.Errorf("POST %s as somebody who may only look: %d, want 403", path, got)
		}
		if got, _ := admin.post(path+ids[b.two+kind], form...); got != 404 {
			t.Errorf("POST %s of another client: %d, want 404", path, got)
		}
	}
	if o, err := b.Organizations.Update(ctx, b.two, ids[b.two+"organizations"], check.Values{}); err != nil || o.Name == "X" {
		t.Errorf("a foreign organization was changed: %+v, %v", o, err)
	}
}
