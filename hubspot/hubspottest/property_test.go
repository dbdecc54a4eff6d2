package hubspottest_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestArchivedPropertyIsUnknownToWrites(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	id := b.portal.PutContact(map[string]string{"email": "a@example.org", "member_id": "M-1"}).ID
	b.portal.ArchiveProperty("contacts", "member_id")
	if rec, _ := b.portal.Contact(id); rec.Properties["member_id"] != "" {
		t.Fatalf("the value of an archived property is in sight: %v", rec.Properties)
	}
	b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).want(400)
	b.call("POST", contacts+"/batch/update", inputs(input{"id": id, "properties": input{"member_id": "M-2"}})).want(400).wantText("PROPERTY_DOESNT_EXIST", "errors", 0, "code")
	b.withMemberID()
	b.call("POST", contacts+"/batch/upsert", inputs(person("M-1", "a@example.org", ""))).want(200).wantText(id, "results", 0, "id")
}

func TestPropertyInUseStays(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	b.portal.UseProperty("contacts", "member_id")
	const root = "/crm/properties/2026-03/contacts"
	b.call("DELETE", root+"/member_id", nil).want(400).wantText("PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE", "subCategory")
	b.call("POST", root+"/batch/archive", inputs(input{"name": "member_id"})).want(400)
	b.call("GET", root+"/member_id", nil).want(200)
}

func TestDefinitionsAreStampedByTheClock(t *testing.T) {
	t.Parallel()
	now := newClock("2026-11-23T10:00:00.25Z")
	b := setup(t, hubspottest.Options{Now: now.Now}).withMemberID()
	const path = "/crm/properties/2026-03/contacts/member_id"
	b.call("GET", path, nil).want(200).wantText("2026-11-23T10:00:00.250Z", "createdAt")
	now.forward(750 * time.Millisecond)
	// a whole second is printed without a fraction
	b.call("PATCH", path, input{"label": "Key"}).want(200).wantText("2026-11-23T10:00:01Z", "updatedAt").wantText("2026-11-23T10:00:00.250Z", "createdAt")
}
