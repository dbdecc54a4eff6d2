package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/portal"
)

// TestWorldJourney changes everything that is not a member and looks for it in
// HubSpot: a company, an association, notes of what happened and of a ticket,
// and the ids that come back.
func TestWorldJourney(t *testing.T) {
	t.Parallel()
	j := newJourney(t, "2026-03", 20)
	id, key, _ := j.crm.Portal(j.one)
	j.admin(t, j.one, 200, "POST", hubspotAPI+"connect", map[string]any{
		"portalId": id, "apiKey": key, "syncContacts": true, "syncCompanies": true, "syncActivities": true, "ticketNotes": true,
	})
	j.synced(t, j.one)
	contactOf := func(memberID string) portal.Contact {
		t.Helper()
		for _, c := range j.crm.Contacts(j.one) {
			if c.Properties["memberpulse_member_id"] == memberID {
				return c
			}
		}
		return portal.Contact{}
	}
	notes := func(memberID string, words ...string) int {
		t.Helper()
		n := 0
		for _, note := range contactOf(memberID).Notes {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(note.Body, w) }) {
				n++
			}
		}
		return n
	}
	member := j.someMember(t, j.one)
	eventually(t, "the CRM ID is back", func() bool {
		return j.admin(t, j.one, 200, "GET", "/demo/members/"+member, nil)["crmId"] == contactOf(member).ID
	})

	// Of what happened before the connection nothing is told.
	if n := len(contactOf(member).Notes); n > 1 { // an old ticket may be noted
		t.Errorf("%d notes after the first sync", n)
	}

	org := j.admin(t, j.one, 201, "POST", "/demo/organizations", map[string]any{"name": "Journey & Sons", "domain": "journey.example.com"})
	j.admin(t, j.one, 200, "PUT", "/demo/members/"+member+"/organization", map[string]any{"organizationId": org["id"]})
	eventually(t, "the contact belongs to the company", func() bool { return slices.Contains(contactOf(member).Companies, "Journey & Sons") })
	j.admin(t, j.one, 200, "PUT", "/demo/members/"+member+"/organization", map[string]any{"organizationId": nil})
	eventually(t, "the contact has left the company", func() bool { return !slices.Contains(contactOf(member).Companies, "Journey & Sons") })

	event := j.admin(t, j.one, 201, "POST", "/demo/events", map[string]any{"name": "Journey Gala", "start": "2030-05-01T18:00:00+10:00"})
	reg := j.admin(t, j.one, 201, "POST", "/demo/events/"+event["id"].(string)+"/registrations", map[string]any{"memberId": member})
	for range 2 { // the list of attendees is read in twice
		j.admin(t, j.one, 200, "PATCH", "/demo/registrations/"+reg["id"].(string), map[string]any{"attended": true})
	}
	eventually(t, "registration and attendance are noted", func() bool { return notes(member, "Journey Gala") == 2 })
	if n := notes(member, "Journey Gala", j.url+"/events/"+event["id"].(string)); n != 2 {
		t.Errorf("%d notes lead back to the event, want 2", n)
	}

	course := j.admin(t, j.one, 201, "POST", "/demo/courses", map[string]any{"name": "Journey Course"})
	enr := j.admin(t, j.one, 201, "POST", "/demo/courses/"+course["id"].(string)+"/enrollments", map[string]any{"memberId": member})
	j.admin(t, j.one, 200, "PATCH", "/demo/enrollments/"+enr["id"].(string), map[string]any{"status": "completed"})
	eventually(t, "enrollment and completion are noted", func() bool { return notes(member, "Journey Course") == 2 })

	ticket := j.admin(t, j.one, 201, "POST", "/demo/tickets", map[string]any{"subject": "Journey question", "memberId": member})
	path, number := "/demo/tickets/"+ticket["id"].(string), ticket["number"].(string)
	eventually(t, "the ticket is noted", func() bool { return notes(member, number, "open", j.url+"/tickets/"+ticket["id"].(string)) == 1 })
	j.admin(t, j.one, 200, "PATCH", path, map[string]any{"status": "closed", "reply": map[string]any{"text": "Secret of the house"}})
	eventually(t, "the same note says that it is closed", func() bool { return notes(member, number, "closed") == 1 })
	if notes(member, number) != 1 || notes(member, "Secret of the house") != 0 {
		t.Error("a ticket has several notes, or an internal reply has left the house")
	}
	eventually(t, "the ticket knows its note", func() bool { return j.admin(t, j.one, 200, "GET", path, nil)["crmId"] != "" })
}
