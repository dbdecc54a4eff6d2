package crmsync_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// withCustom limits portal A to n custom properties of an object.
func withCustom(n int) option { return func(s *setup) { s.custom = n } }

// made counts the properties of ours that portal A has on contacts.
func (b *bundle) made() int {
	b.t.Helper()
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(b.t, err)
	all, err := client.Properties(context.Background(), hubspot.Contacts)
	must(b.t, err)
	n := 0
	for _, p := range all {
		if strings.HasPrefix(p.Name, "memberpulse_") {
			n++
		}
	}
	return n
}

// fill makes n custom properties that are not ours.
func (b *bundle) fill(n int) {
	b.t.Helper()
	for i := range n {
		b.define(hubspot.Contacts, hubspot.Property{Name: fmt.Sprintf("theirs_%d", i), Label: "Theirs", GroupName: "contactinformation", Type: "string", FieldType: "text"})
	}
}

func recheck(b *bundle) {
	b.t.Helper()
	must(b.t, b.inTx(func(ctx context.Context, tx txType) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
}

// needs is how many properties of contacts a portal needs, with tags and
// without.
func needs(t *testing.T) (with, without int) {
	t.Helper()
	b := start(t)
	b.connectWith(nil)
	without = b.made()
	b.connectWith(map[string]string{"syncTags": "true"})
	return b.made(), without
}

// A free plan has room for the contacts' properties and not for those of tags:
// nothing is made halfway, and the setting to change is named.
func TestAPlanWithFewPropertiesIsToldBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	with, without := needs(t)
	b := start(t, withCustom(without+7))
	b.fill(5)
	tags := map[string]string{"portalId": "12345678", "apiKey": tokenA, "syncContacts": "true", "syncTags": "true"}
	err := b.tryConnectWith(tenantA, tags)
	var refused integration.FieldErrors
	if !errors.As(err, &refused) || len(refused["syncTags"]) != 1 {
		t.Fatalf("error = %v", err)
	}
	for _, want := range []string{fmt.Sprintf("needs %d more custom properties of contacts", with), fmt.Sprintf("room for %d.", without+2), fmt.Sprintf("without them %d are needed", without), "upgrade the plan"} {
		if !strings.Contains(refused["syncTags"][0], want) {
			t.Errorf("%q does not say %q", refused["syncTags"][0], want)
		}
	}
	if n := b.made(); n != 0 {
		t.Errorf("%d properties were made all the same", n)
	}
	tags["syncTags"] = "false"
	must(t, b.tryConnectWith(tenantA, tags))
	b.save(tenantA, member(1))
	if st := b.settled(tenantA); st.Health != integration.HealthOK || len(st.Incidents) != 0 {
		t.Errorf("without tags: %+v", st)
	}
	if b.made() != without {
		t.Errorf("%d properties, want %d", b.made(), without)
	}
	// Switching tags on later is refused in the same way, and leaves what works.
	tags["syncTags"] = "true"
	if err := b.tryConnectWith(tenantA, tags); !errors.As(err, &refused) || len(refused["syncTags"]) != 1 || b.made() != without {
		t.Errorf("tags later: %v", err)
	}
}

// Without room for the contacts' own properties no setting helps.
func TestAPlanWithoutRoomForContacts(t *testing.T) {
	t.Parallel()
	b := start(t, withCustom(6))
	b.fill(5)
	err := b.tryConnect(tenantA, "12345678", tokenA, true)
	var e *integration.Error
	if !errors.As(err, &e) || e.Kind != integration.Invalid || !strings.Contains(e.Title, "room for 1.") || !strings.Contains(e.Fix, "archive custom properties") || b.made() != 0 {
		t.Errorf("error = %+v, %d made", e, b.made())
	}
}

// A key that may not ask for the limits finds them out by HubSpot's refusal.
func TestHubSpotsOwnRefusalSaysTheSame(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{"bad request": {}, "forbidden": {PropertyLimitForbidden: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(o), withCustom(8))
			b.fill(5)
			b.sim.Inject(hubspottest.Fault{PathContains: "/limits/", Status: 404, Times: 1, Body: `{"status":"error","category":"OBJECT_NOT_FOUND","message":"no"}`})
			err := b.tryConnect(tenantA, "12345678", tokenA, true)
			var e *integration.Error
			if !errors.As(err, &e) || e.Kind != integration.Invalid || e.CorrelationID == "" || !strings.Contains(e.Title, "too few custom properties") ||
				!strings.Contains(e.Detail, "room for 0.") || !strings.Contains(e.Detail, "made before HubSpot refused") || !strings.Contains(e.Fix, "upgrade the plan") {
				t.Errorf("error = %+v", e)
			}
		})
	}
}

// Properties that somebody archives, and for which there is no room any more,
// park their fields: one incident tells of all, and everything else goes on.
func TestNoRoomToMakePropertiesAgain(t *testing.T) {
	t.Parallel()
	_, without := needs(t)
	b := start(t, withSim(hubspottest.Options{RestoredPropertyCounts: true}), withCustom(without+1))
	b.save(tenantA, member(1))
	b.connectWith(nil)
	b.settled(tenantA)
	portal := b.sim.Portal(portalA)
	portal.ArchiveProperty("contacts", "memberpulse_membership_plan")
	portal.ArchiveProperty("contacts", "memberpulse_membership_end")
	b.fill(3) // what they used, and what was left
	changed := member(2)
	changed.City = "Perth"
	b.save(tenantA, changed)
	b.eventually("the rest of the member", func() bool { return first(b.contact(portalA, memberID(2))).Properties["city"] == "Perth" })
	st := b.settled(tenantA)
	if len(st.Incidents) != 1 {
		t.Fatalf("incidents = %+v", st.Incidents)
	}
	i := st.Incidents[0]
	if i.Code != "property-limit" || i.Blocking || i.Action != "recheck" || i.Title != "Your HubSpot plan allows too few custom properties: 2 of contacts needed, 0 left" ||
		!strings.Contains(i.Meaning, "everything else of each contact is") || !strings.Contains(i.Fix, "upgrade the plan") {
		t.Errorf("incident = %+v", i)
	}
	if st.Health != integration.HealthDegraded || !strings.Contains(st.Sentence, "2 properties cannot be written") || st.Members.InSync != 2 {
		t.Errorf("status = %+v", st)
	}
	// Room is made, and somebody presses Check again.
	portal.ArchiveProperty("contacts", "theirs_0")
	portal.ArchiveProperty("contacts", "theirs_1")
	recheck(b)
	b.eventually("the properties", func() bool { return b.made() == without })
	b.eventually("the end of the incident", func() bool {
		st := b.status(tenantA)
		return len(st.Incidents) == 1 && st.Incidents[0].Code == "refill"
	})
	b.settled(tenantA)
	b.confirmTags(false)
	b.eventually("the values", func() bool {
		return first(b.contact(portalA, memberID(2))).Properties["memberpulse_membership_plan"] == "Gold"
	})
}

// Tags without their property are not said to be in HubSpot.
func TestNoRoomForTheProperty(t *testing.T) {
	t.Parallel()
	with, _ := needs(t)
	for name, c := range map[string]struct {
		archived string
		check    func(t *testing.T, b *bundle)
	}{
		"of tags": {"memberpulse_tags", func(t *testing.T, b *bundle) {
			t.Helper()
			b.eventually("the contact", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
			st := b.settled(tenantA)
			for _, f := range st.Features {
				if f.EntityType == "tag" && (f.State != "attention" || f.Done != 1 || !strings.Contains(f.Sentence, "memberpulse_tags")) {
					t.Errorf("tags: %+v", f)
				}
			}
			page, err := b.syncer.SyncLog(context.Background(), tenantA, integration.SyncQuery{EntityType: "tag"})
			must(t, err)
			if page.Total != 1 {
				t.Errorf("%d changes of tags are in the log", page.Total)
			}
		}},
		// Without the id nothing can be sent, and no contact would be found again.
		"of the member id": {"memberpulse_member_id", func(t *testing.T, b *bundle) {
			t.Helper()
			b.eventually("the incident", func() bool { return b.status(tenantA).Health == integration.HealthFailing })
			st := b.status(tenantA)
			if len(st.Incidents) == 0 || st.Incidents[0].Code != "property-limit" || !st.Incidents[0].Blocking || st.Pending != 1 ||
				!strings.HasPrefix(st.Sentence, "Stopped: your HubSpot plan allows too few custom properties: 1 of contacts needed, 0 left.") {
				t.Errorf("status = %+v", st)
			}
			b.sim.Portal(portalA).ArchiveProperty("contacts", "theirs_0")
			recheck(b)
			b.eventually("the contact", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(hubspottest.Options{RestoredPropertyCounts: true}), withCustom(with))
			b.save(tenantA, tagged(1))
			b.connectWith(map[string]string{"syncTags": "true"})
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			b.sim.Portal(portalA).ArchiveProperty("contacts", c.archived)
			b.fill(1)
			recheck(b) // the schema is not believed any more
			b.save(tenantA, tagged(2))
			c.check(t, b)
		})
	}
}
