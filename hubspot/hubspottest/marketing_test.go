package hubspottest_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

const marketing = "/marketing/marketing-events/2026-03"

func gathering(id, name string) input {
	return input{
		"externalAccountId": "club", "externalEventId": id, "eventName": name, "eventOrganizer": "Club", "eventType": "WORKSHOP",
		"startDateTime": "2026-12-01T18:00:00Z", "customProperties": []any{},
	}
}

func subscribed(contact string, at string, more ...string) input {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	props := input{}
	for i := 0; i+1 < len(more); i += 2 {
		props[more[i]] = more[i+1]
	}
	return input{"vid": ident(contact), "interactionDateTime": when.UnixMilli(), "properties": props}
}

func TestAttendance(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/marketing/v3/marketing-events", marketing, "/marketing/marketing-events/2026-09"} {
		b := setup(t, hubspottest.Options{})
		ada, bea, cyd := b.putContact("ada@example.org"), b.putContact("bea@example.org"), b.putContact("cyd@example.org")
		a := b.call("POST", root+"/events/upsert", inputs(gathering("1", "Choir night"), gathering("2", "Board"))).want(200)
		if a.text("status") != "COMPLETE" || a.count("results") != 2 || a.at("results", 0, "externalEventId") != nil {
			t.Fatalf("%s", a.raw)
		}
		record := func(state string, in ...input) answer {
			t.Helper()
			return b.call("POST", root+"/attendance/1/"+state+"/create?externalAccountId=club", inputs(in...)).want(200)
		}
		record("register", subscribed(ada, "2026-11-01T10:00:00Z"), subscribed(bea, "2026-11-01T10:00:00Z"), subscribed(cyd, "2026-11-01T10:00:00Z"))
		record("cancel", subscribed(bea, "2026-11-20T10:00:00Z"))
		record("attend", subscribed(ada, "2026-12-01T18:00:00Z", "joinedAt", "2026-12-01T18:05:00Z"))
		record("register", subscribed(bea, "2026-11-10T10:00:00Z")) // told late: she has cancelled since
		a = record("attend", subscribed(ada, "2026-12-01T18:00:00Z", "leftAt", "2026-12-01T20:00:00Z"), subscribed("7", "2026-12-01T18:00:00Z"))
		if a.count("results") != 1 || a.at("results", 0, "vid") != float64(ident(ada)) || a.at("numErrors") != 1.0 || a.text("errors", 0, "context", "ids", 0) != "7" {
			t.Fatalf("%s", a.raw)
		}
		shows := b.portal.MarketingEvents()
		if len(shows) != 2 || shows[0].Name != "Choir night" || shows[0].Type != "WORKSHOP" || len(shows[0].Participants) != 3 {
			t.Fatalf("%+v", shows)
		}
		p := shows[0].Participants
		if p[0].ContactID != ada || p[0].State != "ATTENDED" || p[0].JoinedAt != "2026-12-01T18:05:00Z" || p[0].LeftAt != "2026-12-01T20:00:00Z" ||
			p[1].State != "CANCELLED" || p[2].State != "REGISTERED" {
			t.Fatalf("%+v", p)
		}
		done := gathering("1", "Choir night")
		done["eventCompleted"] = true
		delete(done, "eventType")
		b.call("POST", root+"/events/upsert", inputs(done)).want(200)
		a = b.call("GET", root+"/events/1?externalAccountId=club", nil).want(200).wantText("WORKSHOP", "eventType").wantText("1", "externalEventId")
		for counter, want := range map[string]float64{"registrants": 3, "attendees": 1, "cancellations": 1, "noShows": 1} {
			if a.at(counter) != want {
				t.Errorf("%s: %v, want %v", counter, a.at(counter), want)
			}
		}
		survivor := b.portal.MergeContacts(ada, bea)
		b.portal.ArchiveContact(cyd)
		if p = b.portal.MarketingEvents()[0].Participants; len(p) != 1 || p[0].ContactID != survivor || p[0].State != "ATTENDED" {
			t.Fatalf("%+v", p)
		}
	}
}

func TestDeletedMarketingEvent(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.call("POST", marketing+"/events/upsert", inputs(gathering("1", "Choir"), gathering("2", "Board"))).want(200)
	b.portal.DeleteMarketingEvent(b.portal.MarketingEvents()[0].ID)
	if left := b.portal.MarketingEvents(); len(left) != 1 || left[0].ExternalEventID != "2" {
		t.Fatalf("%+v", left)
	}
	b.call("GET", marketing+"/events/1?externalAccountId=club", nil).want(404)
}

func TestMarketingEventThatAPersonEdits(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.call("POST", marketing+"/events/upsert", inputs(gathering("1", "Choir"))).want(200)
	b.portal.EditMarketingEvent(b.portal.MarketingEvents()[0].ID, func(e *hubspottest.MarketingEvent) {
		e.Organizer, e.Completed = "", true
	})
	a := b.call("GET", marketing+"/events/1?externalAccountId=club", nil).want(200).wantText("", "eventOrganizer")
	if a.at("eventCompleted") != true {
		t.Errorf("%s", a.raw)
	}
	// What an upsert does not say stays as it is.
	b.call("POST", marketing+"/events/upsert", inputs(gathering("1", "Choir"))).want(200)
	if e := b.portal.MarketingEvents()[0]; !e.Completed || e.Organizer != "Club" {
		t.Errorf("%+v", e)
	}
}
