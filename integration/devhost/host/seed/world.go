package seed

import (
	"fmt"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

// howManyOrganizations every client with members starts with.
const howManyOrganizations = 20

// active are the members, from the first, who come to events, enroll in courses
// and open tickets, however many there are.
const active = 250

// world is what members belong to and take part in.
type world struct {
	organizations []integration.Organization
	events        []events.Event
	registrations []events.Registration
	courses       []courses.Course
	enrollments   []courses.Enrollment
	tickets       []tickets.Ticket
}

// worldOf invents the world of these members. Equal arguments give equal worlds;
// dates follow now.
func worldOf(clientID string, list []integration.Member, now time.Time) world {
	w := world{organizations: organizationsOf(clientID, now)}
	list = list[:min(len(list), active)]
	w.gather(clientID, list, now)
	w.teach(clientID, list, now)
	w.ask(clientID, list, now)
	return w
}

func organizationID(clientID string, k int) string {
	return id(clientID, "organization", fmt.Sprint(k))
}

func organizationsOf(clientID string, now time.Time) []integration.Organization {
	out := make([]integration.Organization, howManyOrganizations)
	for k := range out {
		name := organizationNames()[k]
		home := pick(places(), k)
		o := integration.Organization{
			ID: organizationID(clientID, k), Name: name, Phone: fmt.Sprintf("+61 2 5552 %04d", k*37%10000),
			Address: fmt.Sprintf("%d %s", k*11%120+1, pick(streets(), k)), City: home.city, Postcode: home.postcode, State: home.state, Country: home.country,
			GroupID: fmt.Sprintf("G-%03d", k+1), StartDate: integration.DateOf(now.AddDate(0, -k, 0)), EndDate: integration.DateOf(now.AddDate(1, -k%11, 0)),
		}
		if k%5 != 4 { // a few have no web site, and are known by their name alone
			o.Domain = plain(name) + ".example.com"
			o.WebsiteURL = "https://www." + o.Domain
		}
		if k%3 == 0 {
			o.PlanName = pick(planNames(), k/3+2)
		}
		if k%2 == 0 {
			o.Seats = 10 + k
		}
		out[k] = o
	}
	return out
}

// gather invents three events that are over and three that are to come.
func (w *world) gather(clientID string, list []integration.Member, now time.Time) {
	for k, e := range []struct {
		name, kind, place string
		days, hours       int
	}{
		{"Annual Conference", "live", "Convention Centre", -120, 8},
		{"Winter Networking Evening", "live", "Harbour Rooms", -60, 3},
		{"Ethics in Practice", "webinar", "", -14, 1},
		{"Young Professionals Breakfast", "live", "Station Hotel", 10, 2},
		{"Policy Roundtable", "online", "", 30, 2},
		{"Summer Gala Dinner", "live", "Town Hall", 75, 5},
	} {
		y, month, day := ago(now, -e.days).Date()
		start := time.Date(y, month, day, 8, 0, 0, 0, time.UTC) // in the evening, where the members live
		event := events.Event{
			Event: integration.Event{
				ID: id(clientID, "event", fmt.Sprint(k)), Name: e.name, Type: e.kind, Start: start, End: start.Add(time.Duration(e.hours) * time.Hour),
				Description: e.name + ", open to members and guests.",
			},
			Location: e.place,
		}
		w.events = append(w.events, event)
		for i, m := range list {
			if (i*7+k*3)%5 == 0 && m.Status == integration.MemberActive {
				w.registrations = append(w.registrations, seat(event, m.ID, i, now))
			}
		}
		for g, name := range []string{"Robin Guest", "Jo Visitor"} {
			r := seat(event, "", g*3+1, now)
			r.ID, r.Name, r.Email = id(event.ID, "guest", fmt.Sprint(g)), name, plain(name)+fmt.Sprint(k)+"@guests.example.org"
			w.registrations = append(w.registrations, r)
		}
	}
}

// seat is a registration: of those for an event that is over most came, some
// stayed away, and of the last event some are not decided yet.
func seat(e events.Event, memberID string, i int, now time.Time) events.Registration {
	at := e.Start.AddDate(0, 0, -40+i%20)
	if latest := ago(now, 1+i%9); at.After(latest) {
		at = latest
	}
	r := events.Registration{
		Registration: integration.Registration{
			ID: id(e.ID, "registration", memberID), EventID: e.ID, Status: integration.RegistrationConfirmed, RegisteredAt: at,
		},
		MemberID: memberID, CreatedAt: at,
	}
	over := e.End.Before(now)
	switch {
	case i%13 == 5:
		r.Status, r.CancelledAt = integration.RegistrationCancelled, at.Add(6*time.Hour)
	case over && i%4 == 3 && e.End.After(ago(now, 30)):
	case over && i%4 == 3:
		r.Attendance, r.AttendanceAt = integration.AttendanceNoShow, e.End.Add(time.Hour)
	case over:
		r.Status, r.Attendance, r.AttendanceAt = integration.RegistrationCheckedIn, integration.AttendanceAttended, e.Start
	case i%11 == 2:
		r.Status, r.RegisteredAt = integration.RegistrationPending, time.Time{}
	}
	return r
}

func (w *world) teach(clientID string, list []integration.Member, now time.Time) {
	for k, name := range []string{"Professional Ethics", "Project Leadership", "Site Safety Refresher"} {
		c := courses.Course{ID: id(clientID, "course", fmt.Sprint(k)), Name: name, Description: name + ", at your own pace."}
		w.courses = append(w.courses, c)
		for i, m := range list {
			if (i+k*2)%9 != 0 || m.Status != integration.MemberActive {
				continue
			}
			e := courses.Enrollment{
				Enrollment: integration.Enrollment{
					ID: id(c.ID, "enrollment", m.ID), CourseID: c.ID, Status: integration.EnrollmentActive,
					EnrolledAt: ago(now, 20+i%60), Progress: i * 7 % 90,
				},
				MemberID: m.ID,
			}
			switch i / 9 % 4 {
			case 1, 2:
				e.Status, e.Progress, e.CompletedAt = integration.EnrollmentCompleted, 100, ago(now, 2+i%15)
			case 3:
				if i%2 == 0 {
					e.Status, e.CancelledAt = integration.EnrollmentCancelled, ago(now, 5)
				}
			}
			w.enrollments = append(w.enrollments, e)
		}
	}
}

// ask invents twelve tickets; every fourth comes from somebody who is no member.
func (w *world) ask(clientID string, list []integration.Member, now time.Time) {
	subjects := []string{
		"Invoice is missing my organization", "Cannot open the course", "Change of address", "Receipt for the gala dinner",
		"Wrong plan on my card", "Certificate of completion", "Parking at the conference", "Question about fees",
		"Login does not work", "Dietary requirements", "Update my job title", "Sponsoring the next event",
	}
	for k, subject := range subjects {
		opened := ago(now, 30-2*k)
		t := tickets.Ticket{Ticket: integration.Ticket{ID: id(clientID, "ticket", fmt.Sprint(k)), Subject: subject, CreatedAt: opened, UpdatedAt: opened}}
		t.Description = subject + ". Please help."
		if k%4 == 3 {
			t.Name, t.Email = pick([]string{"Casey Caller", "Dana Sponsor", "Lee Outsider"}, k/4), fmt.Sprintf("caller%d@contacts.example.org", k)
		} else {
			t.MemberID = list[(k*19+1)%len(list)].ID
		}
		for step := range 1 + k%len(tickets.Statuses()) {
			t.Status, t.UpdatedAt = tickets.Statuses()[step], opened.Add(time.Duration(step)*5*time.Hour)
			t.History = append(t.History, integration.TicketStatusChange{Status: t.Status, At: t.UpdatedAt})
		}
		if len(t.History) > 1 {
			t.Replies = append(t.Replies,
				integration.TicketReply{At: opened.Add(time.Hour), Text: "Check this against last year's file first."},
				integration.TicketReply{At: opened.Add(2 * time.Hour), Text: "We are looking into it.", Public: true})
		}
		w.tickets = append(w.tickets, t)
	}
}
