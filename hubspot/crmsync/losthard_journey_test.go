package crmsync_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// incident tells whether the status has an incident of a code.
func (b *bundle) incident(code string) bool {
	b.t.Helper()
	return slices.ContainsFunc(b.status(tenantA).Incidents, func(i integration.Incident) bool { return i.Code == code })
}

// A property of ours is archived, and somebody saves the settings before
// anything is sent: the save makes it again, and nobody is left behind.
func TestWhatASaveMakesAgainIsFilled(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 2, nil)
	b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_tags")
	b.connectWith(map[string]string{"syncTags": "true"})
	b.eventually("it waits for the admin", func() bool { return b.incident("refill") })
	b.settled(tenantA)
	if got := b.board().Gate; got.Open || got.Gains["membership-active"] != 2 {
		t.Errorf("gate %+v", got)
	}
	b.confirmTags(false)
	b.settled(tenantA)
	for n := 1; n <= 2; n++ {
		if got := b.tagsOf(memberID(n)); got != "membership-active" {
			t.Errorf("member %d has %q", n, got)
		}
	}
	if b.incident("refill") || b.incident("property-parked") {
		t.Errorf("incidents %+v", b.status(tenantA).Incidents)
	}
}

// Whatever becomes of the call that makes a property again: it is empty, and
// that is not forgotten.
func TestWhatIsMadeAgainWithoutAReplyIsFilled(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]hubspottest.Fault{
		"the reply is lost":         {LoseReply: true, Times: 3},
		"made, and answered by 504": {Commit: true, Status: http.StatusGatewayTimeout, Times: 3},
		"too many calls":            {Status: http.StatusTooManyRequests, After: 1, Times: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := confirmed(t, 2, nil)
			b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_tags")
			b.sim.Portal(portalA).ArchiveProperty("contacts", "memberpulse_membership_plan")
			f.Method, f.PathContains = http.MethodPost, "/properties/"
			b.sim.Inject(f)
			m := tagged(1)
			m.City = "Perth"
			b.save(tenantA, m)
			b.eventually("it waits for the admin", func() bool { return b.incident("refill") })
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			for n := 1; n <= 2; n++ {
				c, _ := b.contact(portalA, memberID(n))
				if c.Properties["memberpulse_tags"] != "membership-active" || c.Properties["memberpulse_membership_plan"] != "Gold" {
					t.Errorf("member %d: %v", n, c.Properties)
				}
			}
		})
	}
}

// The customer archives the property that receives tags: tags stop and nothing
// else does, and once it is there again they are sent on the admin's word.
func TestATagPropertyOfTheCustomersThatVanishes(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.define(hubspot.Contacts, segmentsProperty("vip"))
	b.save(tenantA, tagged(1), tagged(2))
	set := map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"}
	b.connectWith(set)
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	b.sim.Portal(portalA).ArchiveProperty("contacts", "segments")
	m := tagged(1)
	m.City = "Perth"
	b.save(tenantA, m)
	b.eventually("the rest of the member", func() bool { return first(b.contact(portalA, memberID(1))).Properties["city"] == "Perth" })
	st := b.settled(tenantA)
	if len(st.Incidents) != 1 || st.Incidents[0].Code != "property-parked" || !strings.Contains(st.Incidents[0].Title, "segments") ||
		!strings.Contains(st.Incidents[0].Fix, "settings") || st.Members.InSync != 2 {
		t.Errorf("status = %+v", st)
	}
	if f := b.feature("Tags"); f.State != "attention" || !strings.Contains(f.Sentence, "segments") {
		t.Errorf("feature %+v", f)
	}
	b.define(hubspot.Contacts, segmentsProperty("vip"))
	b.recheck()
	b.eventually("it waits for the admin", func() bool { return b.incident("refill") && !b.incident("property-parked") })
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	b.save(tenantA, expired(2))
	b.settled(tenantA)
	for n, want := range map[int]string{1: "membership-active", 2: "membership-expired"} {
		if got := first(b.contact(portalA, memberID(n))).Properties["segments"]; got != want {
			t.Errorf("member %d has %q, want %q", n, got, want)
		}
	}
}

// Somebody removes an option of ours: it is made again, and holds up nobody.
func TestAnOptionOfOursThatSomebodyRemovesIsMadeAgain(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]map[string]string{
		"ours":   {"syncTags": "true"},
		"theirs": {"syncTags": "true", "tagPropertyMembership": "segments"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			property := map[string]string{"ours": "memberpulse_tags", "theirs": "segments"}[name]
			b := start(t)
			b.define(hubspot.Contacts, segmentsProperty("vip"))
			b.save(tenantA, tagged(1))
			b.connectWith(set)
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
			must(t, err)
			p, err := client.Property(t.Context(), hubspot.Contacts, property)
			must(t, err)
			left := slices.DeleteFunc(p.Options, func(o hubspot.Option) bool { return o.Value == "membership-expired" })
			_, err = client.UpdateProperty(t.Context(), hubspot.Contacts, property, hubspot.PropertyPatch{Options: left})
			must(t, err)
			b.save(tenantA, expired(1))
			b.eventually("the tag", func() bool {
				return first(b.contact(portalA, memberID(1))).Properties[property] == "membership-expired"
			})
			if st := b.settled(tenantA); st.Members.InSync != 1 || len(st.Incidents) != 0 {
				t.Errorf("status %+v", st)
			}
		})
	}
}

// A mapped property of the customer's comes back: what was not sent meanwhile is
// sent, on the admin's word.
func TestAMappedPropertyThatComesBackIsCaughtUp(t *testing.T) {
	t.Parallel()
	b := start(t)
	shirts := hubspot.Property{Name: "shirt_size", Label: "Shirt size", GroupName: "contactinformation", Type: "string", FieldType: "text"}
	b.define(hubspot.Contacts, shirts)
	b.save(tenantA, member(1), member(2))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.mapTo("position", "shirt_size")
	b.settled(tenantA)
	b.sim.Portal(portalA).ArchiveProperty("contacts", "shirt_size")
	m := member(1)
	m.Position, m.City = "Chair", "Perth"
	b.save(tenantA, m)
	b.eventually("it is parked", func() bool { return b.incident("property-parked") })
	b.settled(tenantA)
	b.define(hubspot.Contacts, shirts)
	b.recheck()
	b.eventually("it waits for the admin", func() bool { return b.incident("refill") && !b.incident("property-parked") })
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	if got := first(b.contact(portalA, memberID(1))).Properties["shirt_size"]; got != "Chair" {
		t.Errorf("shirt_size is %q", got)
	}
}
