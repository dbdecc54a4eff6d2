package hubspot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestPathsOfEachVersion(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		ctx, c := t.Context(), b.client
		in := []hubspot.Input{{ID: "1"}}
		_, _ = c.AccountDetails(ctx)
		_, _ = c.BatchRead(ctx, hubspot.Contacts, hubspot.BatchRead{IDs: []string{"1"}})
		_, _ = c.BatchUpdate(ctx, hubspot.Contacts, in)
		_, _ = c.BatchUpsert(ctx, hubspot.Contacts, memberID, in)
		_ = c.BatchArchive(ctx, hubspot.Contacts, []string{"1"})
		_, _ = c.Properties(ctx, hubspot.Contacts)
		_, _ = c.Property(ctx, hubspot.Contacts, "email")
		_, _ = c.CreateProperty(ctx, hubspot.Contacts, plan())
		_, _ = c.UpdateProperty(ctx, hubspot.Contacts, "nope", hubspot.PropertyPatch{})
		_, _ = c.PropertyGroups(ctx, hubspot.Contacts)
		_, _ = c.CreatePropertyGroup(ctx, hubspot.Contacts, hubspot.PropertyGroup{Name: "g", Label: "G"})
		_, _ = c.CustomPropertyLimits(ctx)
		pairs := []hubspot.Pair{{From: "1", To: "2"}}
		labelled := []hubspot.LabelledPair{{Pair: pairs[0], Types: []hubspot.AssociationType{hubspot.Defined(1)}}}
		_, _ = c.BatchCreate(ctx, hubspot.Notes, []hubspot.CreateInput{{}})
		_, _ = c.Search(ctx, hubspot.Companies, hubspot.SearchQuery{})
		_, _ = c.AssociateDefault(ctx, hubspot.Contacts, hubspot.Companies, pairs)
		_, _ = c.AssociateLabelled(ctx, hubspot.Contacts, hubspot.Companies, labelled)
		_, _ = c.Disassociate(ctx, hubspot.Contacts, hubspot.Companies, pairs)
		_, _ = c.RemoveLabels(ctx, hubspot.Contacts, hubspot.Companies, labelled)
		_, _ = c.Associations(ctx, hubspot.Notes, hubspot.Companies, []string{"1"})
		_, _ = c.AssociationLabels(ctx, hubspot.Contacts, hubspot.Companies)
		_, _ = c.CreateList(ctx, manualList("A/B"))
		_, _ = c.List(ctx, "1")
		_, _ = c.ListByName(ctx, hubspot.Contacts, "A/B")
		_, _ = c.ChangeMembers(ctx, "1", []string{"2"}, nil)
		_ = c.RestoreList(ctx, "1")
		_ = c.RefilterList(ctx, "1", *boards("board"))
		_, _ = c.ListsOf(ctx, hubspot.Companies, "2")
		_, _ = c.ListFolder(ctx, "")
		_, _ = c.CreateListFolder(ctx, "F", hubspot.RootFolder)
		_ = c.MoveList(ctx, "1", "2")
		want := []string{
			"GET /account-info/V/details",
			"POST /crm/objects/V/contacts/batch/read",
			"POST /crm/objects/V/contacts/batch/update",
			"POST /crm/objects/V/contacts/batch/upsert",
			"POST /crm/objects/V/contacts/batch/archive",
			"GET /crm/properties/V/contacts",
			"GET /crm/properties/V/contacts/email",
			"POST /crm/properties/V/contacts",
			"PATCH /crm/properties/V/contacts/nope",
			"GET /crm/properties/V/contacts/groups",
			"POST /crm/properties/V/contacts/groups",
			"GET /crm/limits/V/custom-properties",
			"POST /crm/objects/V/notes/batch/create",
			"POST /crm/objects/V/companies/search",
			"POST /crm/associations/V/contacts/companies/batch/associate/default",
			"POST /crm/associations/V/contacts/companies/batch/create",
			"POST /crm/associations/V/contacts/companies/batch/archive",
			"POST /crm/associations/V/contacts/companies/batch/labels/archive",
			"POST /crm/associations/V/notes/companies/batch/read",
			"GET /crm/associations/V/contacts/companies/labels",
			"POST /crm/lists/V",
			"GET /crm/lists/V/1",
			"GET /crm/lists/V/object-type-id/0-1/name/A/B",
			"PUT /crm/lists/V/1/memberships/add-and-remove",
			"PUT /crm/lists/V/1/restore",
			"PUT /crm/lists/V/1/update-list-filters",
			"GET /crm/lists/V/records/0-2/2/memberships",
			"GET /crm/lists/V/folders",
			"POST /crm/lists/V/folders",
			"PUT /crm/lists/V/folders/move-list",
		}
		var got []string
		for _, r := range b.sim.Requests() {
			got = append(got, r.Method+" "+strings.Replace(r.Path, string(c.Version()), "V", 1))
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// Marketing events and custom events stay with 2026-03.
func TestPathsOfEvents(t *testing.T) {
	t.Parallel()
	bothVersions(t, func(t *testing.T, version func(*hubspot.Config)) {
		b := setup(t, hubspottest.Options{}, version)
		_, _ = b.client.UpsertMarketingEvents(t.Context(), []hubspot.MarketingEvent{gathering("1", "Choir")})
		_, _, _ = b.client.MarketingEvent(t.Context(), "club", "1")
		_, _ = b.client.RecordAttendance(t.Context(), "club", "1", hubspot.Attended, []hubspot.Attendance{{ContactID: "2", At: time.Unix(1, 0)}})
		_, _ = b.client.DefineEvent(t.Context(), renewed())
		_, _ = b.client.EventDefinition(t.Context(), "renewed")
		_ = b.client.SendEvents(t.Context(), []hubspot.Event{{Name: "pe1_renewed", UUID: "u", ObjectID: "1", At: time.Unix(1, 0)}})
		var got []string
		for _, r := range b.sim.Requests() {
			got = append(got, r.Method+" "+r.Path)
		}
		want := []string{
			"POST /marketing/marketing-events/2026-03/events/upsert",
			"GET /marketing/marketing-events/2026-03/events/1",
			"POST /marketing/marketing-events/2026-03/attendance/1/attend/create",
			"POST /events/2026-03/event-definitions", "GET /events/2026-03/event-definitions/renewed", "POST /events/2026-03/send/batch",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// 2026-09 enforces what the portal's admins require; the reply names the
// property, and nothing else goes wrong.
func TestRequiredPropertiesOf202609(t *testing.T) {
	t.Parallel()
	for version, code := range map[hubspot.Version]string{hubspot.Version202603: "", hubspot.Version202609: "MISSING_REQUIRED_PROPERTY"} {
		b := setup(t, hubspottest.Options{}, func(c *hubspot.Config) { c.Version = version })
		b.defineKey(t)
		b.portal.RequireProperty("contacts", "phone")
		res, err := b.client.BatchUpsert(t.Context(), hubspot.Contacts, memberID, []hubspot.Input{member("M-1", "a@example.org")})
		if len(res.Results) != 1 {
			t.Fatalf("%+v, error %v", res, err)
		}
		got := ""
		if e := res.Results[0].Err; e != nil {
			got = e.Code
			if !slices.Contains(e.Properties, "phone") || !hubspot.IsValidation(e) {
				t.Errorf("%+v", e)
			}
		}
		if got != code {
			t.Errorf("%s: code %q, want %q", version, got, code)
		}
	}
}
