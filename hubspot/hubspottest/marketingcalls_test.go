package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestMarketingEventsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{AttendanceErrorsReject: true, MarketingResultsNameEvents: true})
	b.call("POST", marketing+"/events/upsert", inputs(gathering("1", "Choir"))).want(200).wantText("1", "results", 0, "externalEventId")
	ada := b.putContact("ada@example.org")
	attend := marketing + "/attendance/1/attend/create?externalAccountId="
	b.call("POST", attend+"club", inputs(subscribed(ada, "2026-11-01T10:00:00Z"), subscribed("7", "2026-11-01T10:00:00Z"))).want(404)
	b.call("POST", attend+"other", inputs(subscribed(ada, "2026-11-01T10:00:00Z"))).want(404)
	b.call("GET", marketing+"/events/2?externalAccountId=club", nil).want(404).wantText("OBJECT_NOT_FOUND", "category")
	b.odd = true
	b.call("POST", marketing+"/attendance/1/dance/create?externalAccountId=club", inputs()).want(400)
	b.call("GET", marketing+"/events/1", nil).want(400)
	b.call("POST", marketing+"/events/upsert", inputs(gathering("2", ""), gathering("3", "x"))).want(400)
	late := gathering("2", "x")
	late["endDateTime"] = "tomorrow"
	b.call("POST", marketing+"/events/upsert", inputs(late)).want(400)
	many := make([]input, 101)
	for i := range many {
		many[i] = gathering("m", "x")
	}
	b.call("POST", marketing+"/events/upsert", inputs(many...)).want(400)
	if shows := b.portal.MarketingEvents(); len(shows) != 1 || len(shows[0].Participants) != 0 {
		t.Fatalf("%+v", shows)
	}
	b.portal.AddToken("reader", "crm.objects.marketing_events.read")
	b.token = "reader"
	b.call("GET", marketing+"/events/1?externalAccountId=club", nil).want(200)
	b.call("POST", marketing+"/events/upsert", inputs(gathering("1", "Choir"))).want(403)
	b.call("POST", attend+"club", inputs()).want(403)
}
