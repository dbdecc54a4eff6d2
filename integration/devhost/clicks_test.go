package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

// A person moves a member, registers somebody and marks who came, enrolls and
// completes, opens a ticket and answers it.
func TestClicksInChromium(t *testing.T) {
	t.Parallel()
	j := newJourney(t, "2026-03", 60)
	page, err := j.Members.List(t.Context(), j.one, members.Query{Search: "amelia", ItemsPerPage: 1})
	if err != nil {
		t.Fatal(err)
	}
	m := page.Members[0]
	c := newChromium(t, j.url)
	c.signIn()
	set := func(field, value string) {
		t.Helper()
		c.do("fill in "+field, chromedp.SetValue(chromedp.CSS(`[name="`+field+`"]`), value))
	}
	choose := func(field, label string) {
		t.Helper()
		eval[any](c, `(() => { const s = document.querySelector('[name="`+field+`"]'); s.value = [...s.options].find(o => o.text === "`+label+`").value })()`)
	}

	c.open("/members/" + m.ID)
	choose("organizationId", "Meridian Health Network")
	c.press("Move")
	c.awaits("Saved.")
	if got := eval[string](c, `document.querySelector('[name="organizationId"]').selectedOptions[0].text`); got != "Meridian Health Network" {
		t.Errorf("the member belongs to %q", got)
	}
	choose("action", "renew")
	c.press("Do it")
	c.awaits("membership renewed")
	c.shoot("member")

	c.open("/events?search=Gala")
	c.shoot("events")
	c.press("Summer Gala Dinner")
	c.awaits("Register somebody")
	c.open("/events/new")
	set("name", "Clicked Evening")
	eval[any](c, `document.querySelector('[name="start"]').value = "2030-05-01T18:00"`)
	c.press("Add the event")
	c.awaits("Register somebody")
	set("member", m.Email)
	c.press("Register")
	c.awaits(m.Email)
	c.press("Attended")
	c.awaits("checked_in")
	c.press("Undo")
	c.do("it is undone", chromedp.WaitNotPresent(chromedp.Search(`//main//button[normalize-space()="Undo"]`)))
	c.press("No-show")
	c.awaits("no-show")
	c.shoot("event")

	c.open("/courses")
	c.press("Project Leadership")
	c.awaits("Enroll a member")
	c.shoot("course")
	c.open("/courses")
	set("name", "Clicked Course")
	c.press("Add the course")
	c.awaits("Enroll a member")
	set("member", m.Email)
	c.press("Enroll")
	c.awaits("0 %")
	c.press("Complete")
	c.awaits("100 %")

	c.open("/tickets/new")
	set("subject", "Clicked question")
	set("member", m.Email)
	c.press("Open the ticket")
	c.awaits("T-1013: Clicked question")
	choose("status", "waiting")
	set("reply", "Which one do you mean?")
	choose("public", "public")
	c.press("Save")
	c.awaits("Public reply Which one do you mean?")
	c.shoot("ticket")
	c.open("/organizations")
	c.shoot("organizations")
	c.press("Meridian Health Network")
	c.awaits("belong to it")
	c.shoot("organization")
	c.open("/tickets")
	c.shoot("tickets")
}
