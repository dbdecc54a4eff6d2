package crmsync_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// again is a member who was another one before: a new id and name, and the
// address of the old one.
func again(n, was int) integration.Member {
	m := member(n)
	m.Email = member(was).Email
	return m
}

// A person who left and joins again under a new id has the contact that it had:
// nobody is sent twice, and what was ours in it is ours.
func TestWhoReturnsUnderANewIDHasTheOldContact(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		adopted := portal.PutContact(map[string]string{"email": member(2).Email, "mobilephone": "theirs"})
		for n := 1; n <= 2; n++ {
			m := member(n)
			m.Mobile, m.City, m.WebsiteURL = "+61 2 1111", "Perth", "https://old.example.org"
			b.host.Put(tenantA, m)
		}
		b.connect(tenantA, portalA, tokenA)
		b.settled(tenantA)
		first, _ := b.contact(portalA, memberID(1))
		portal.EditContact(first.ID, map[string]string{"website": "https://by-a-person.example.org"})
		b.leave(1, 2)
		b.settled(tenantA)

		one, two := again(11, 1), again(12, 2)
		one.Mobile, one.City = "+61 2 2222", "" // Perth was ours, so it goes
		two.Mobile, two.City = "+61 2 2222", "Sydney"
		b.save(tenantA, one, two)
		b.settled(tenantA)
		for id, want := range map[string]struct {
			contact string
			has     map[string]string
		}{
			memberID(11): {first.ID, map[string]string{"mobilephone": "+61 2 2222", "city": "", "memberpulse_member_status": "active", "website": "https://by-a-person.example.org"}},
			memberID(12): {adopted.ID, map[string]string{"mobilephone": "theirs", "city": "Sydney", "memberpulse_member_status": "active"}},
		} {
			c, _ := b.contact(portalA, id)
			if c.ID != want.contact {
				t.Errorf("member %s has contact %q, want %q", id, c.ID, want.contact)
			}
			for name, v := range want.has {
				if c.Properties[name] != v {
					t.Errorf("member %s: %s is %q, want %q", id, name, c.Properties[name], v)
				}
			}
			b.wantRecord("contact", id, integration.SyncSynced, "")
		}
		if n := len(portal.Contacts()); n != 2 {
			t.Errorf("%d contacts, want the 2 that were there", n)
		}
		b.wantRecord("contact", memberID(1), integration.SyncExcluded, "returned")
		// The old id is settled, and stays so: nothing of it reaches the contact.
		b.sim.ResetRequests()
		b.record(integration.MemberChanged(tenantA, memberID(1)))
		_, err := b.syncer.Sync(context.Background(), tenantA)
		must(t, err)
		b.settled(tenantA)
		b.wantRecord("contact", memberID(1), integration.SyncExcluded, "member-deleted")
		if c, _ := b.contact(portalA, memberID(11)); c.Properties["memberpulse_member_status"] != "active" {
			t.Errorf("written by the old member: %v", c.Properties)
		}
	})
}

// The old member's deletion and the new one's joining arrive together, or the
// deletion was never recorded: the deletion reaches HubSpot first.
func TestWhoReturnsBeforeTheDeletionIsSent(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.host.Put(tenantA, member(1))
	b.host.Put(tenantA, member(2))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	contacts := map[int]string{}
	for n := 1; n <= 2; n++ {
		c, _ := b.contact(portalA, memberID(n))
		contacts[n] = c.ID
	}
	b.host.Delete(tenantA, memberID(1))
	b.host.Delete(tenantA, memberID(2)) // not recorded
	b.host.Put(tenantA, again(11, 1))
	b.host.Put(tenantA, again(12, 2))
	b.record(integration.MemberChanged(tenantA, memberID(11)), integration.MemberChanged(tenantA, memberID(12)), integration.MemberChanged(tenantA, memberID(1)))
	b.settled(tenantA)
	for n := 1; n <= 2; n++ {
		c, ok := b.contact(portalA, memberID(10+n))
		if !ok || c.ID != contacts[n] || c.Properties["memberpulse_member_status"] != "active" {
			t.Errorf("member %d: contact %s %v, want %s", 10+n, c.ID, c.Properties, contacts[n])
		}
	}
	if n := len(b.sim.Portal(portalA).Contacts()); n != 2 {
		t.Errorf("%d contacts", n)
	}
}

// Who is in the host keeps its contact, and an id that we never sent is left
// to a person.
func TestNobodyYieldsWhoIsHere(t *testing.T) {
	t.Parallel()
	b := start(t)
	portal := b.sim.Portal(portalA)
	b.host.Put(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	stranger := portal.PutContact(map[string]string{"email": member(3).Email, "memberpulse_member_id": memberID(77)})
	odd := portal.PutContact(map[string]string{"email": member(4).Email, "memberpulse_member_id": "not an id"})
	b.save(tenantA, again(2, 1), member(3), member(4))
	b.settled(tenantA)
	for n := 2; n <= 4; n++ {
		r := b.logOf(tenantA, memberID(n))
		if r.Status != integration.SyncFailed || r.Code != "collision" && r.Code != "shared-email" {
			t.Errorf("member %d: %s %s", n, r.Status, r.Code)
		}
	}
	for _, c := range []hubspottest.Record{stranger, odd} {
		if now, _ := portal.Contact(c.ID); now.Properties["memberpulse_member_id"] != c.Properties["memberpulse_member_id"] {
			t.Errorf("somebody's contact was written: %v", now.Properties)
		}
	}
	// Member 1 leaves: its contact is there for the other one, by itself.
	b.leave(1)
	b.settled(tenantA)
	b.wantRecord("contact", memberID(2), integration.SyncSynced, "")
}

// A person merges the contacts of the old and the new member.
func TestTheContactsOfTheOldAndTheNewMemberAreMerged(t *testing.T) {
	t.Parallel()
	for _, keeps := range []bool{false, true} {
		b := start(t, withSim(hubspottest.Options{MergeKeepsPrimaryID: keeps, MergedIDRejectsWrite: keeps}))
		portal := b.sim.Portal(portalA)
		b.host.Put(tenantA, member(1))
		b.host.Put(tenantA, member(2))
		b.connect(tenantA, portalA, tokenA)
		b.settled(tenantA)
		b.leave(1)
		b.settled(tenantA)
		old, _ := b.contact(portalA, memberID(1))
		young, _ := b.contact(portalA, memberID(2))
		survivor := portal.MergeContacts(old.ID, young.ID)
		m := member(2)
		m.FirstName = "Renamed"
		b.save(tenantA, m)
		b.settled(tenantA)
		c, ok := b.contact(portalA, memberID(2))
		if !ok || c.ID != survivor || c.Properties["firstname"] != "Renamed" || c.Properties["memberpulse_member_status"] != "active" {
			t.Errorf("the survivor %s: %s %v", survivor, c.ID, c.Properties)
		}
		b.wantRecord("contact", memberID(2), integration.SyncSynced, "")
	}
}

// A person merges the contacts of two members, and one who had it leaves: what
// our sync made the primary address for that one is not kept for the other.
func TestTheAddressOfWhoLeavesIsNotKeptForTheOther(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{false, true} {
		for _, changed := range []bool{false, true} {
			b := start(t)
			portal := b.sim.Portal(portalA)
			b.host.Put(tenantA, member(1))
			b.host.Put(tenantA, member(2))
			if known {
				portal.PutContact(map[string]string{"email": member(1).Email}) // adopted
			}
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			first, second := b.contactID(2), b.contactID(1)
			portal.MergeContacts(first, second)
			one, two := member(1), member(2)
			one.FirstName, two.FirstName = "One", "Two"
			if changed {
				two.Email = "another@example.org"
			}
			b.save(tenantA, two)
			b.settled(tenantA)
			b.save(tenantA, one)
			b.settled(tenantA)
			b.leave(2)
			b.settled(tenantA)
			c, _ := b.contact(portalA, memberID(1))
			if c.Properties["email"] != one.Email || c.Properties["firstname"] != "One" {
				t.Errorf("known %v, changed %v: %v %v", known, changed, c.Properties, b.logOf(tenantA, memberID(1)))
			}
		}
	}
}

// Who returns under a new id with another of the contact's addresses has changed
// its address, as a member does: what was told of the former one is not kept. A
// primary address that a person chose is.
func TestWhoReturnsWithASecondaryAddress(t *testing.T) {
	t.Parallel()
	for _, chosen := range []bool{false, true} {
		b := start(t)
		portal := b.sim.Portal(portalA)
		b.host.Put(tenantA, member(1))
		c := portal.PutContact(map[string]string{"email": member(1).Email, "hs_additional_emails": "home@example.org"})
		b.connect(tenantA, portalA, tokenA)
		b.settled(tenantA)
		b.leave(1)
		b.settled(tenantA)
		want := "home@example.org"
		if chosen {
			want = "chosen@example.org"
			portal.EditContact(c.ID, map[string]string{"email": want})
		}
		m := again(11, 1)
		m.Email = "home@example.org"
		b.save(tenantA, m)
		b.settled(tenantA)
		now, _ := b.contact(portalA, m.ID)
		if now.ID != c.ID || now.Properties["email"] != want {
			t.Errorf("chosen %v: contact %s of %s, want %s of %s", chosen, now.ID, now.Properties["email"], c.ID, want)
		}
		b.wantRecord("contact", m.ID, integration.SyncSynced, "")
	}
}

// Somebody merges the contact of a member who has left into a stranger's: the
// person who joins again has the survivor, and what we left in it is ours.
func TestWhoReturnsToAContactThatWasMerged(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, version option) {
		b := start(t, version)
		portal := b.sim.Portal(portalA)
		for n := 1; n <= 2; n++ {
			m := member(n)
			m.City = "Perth"
			b.host.Put(tenantA, m)
		}
		portal.PutContact(map[string]string{"email": member(2).Email}) // adopted
		b.connect(tenantA, portalA, tokenA)
		b.settled(tenantA)
		b.leave(1, 2)
		b.settled(tenantA)
		survivors := map[int]string{}
		for n := 1; n <= 2; n++ {
			c, _ := b.contact(portalA, memberID(n))
			survivors[n] = portal.MergeContacts(c.ID, portal.PutContact(map[string]string{"email": fmt.Sprintf("stranger%d@example.org", n), "jobtitle": "Baker"}).ID)
		}
		one, two := again(11, 1), again(12, 2)
		one.City, two.City = "Sydney", ""
		b.save(tenantA, one, two)
		b.settled(tenantA)
		for n, city := range map[int]string{1: "Sydney", 2: ""} {
			c, _ := b.contact(portalA, memberID(10+n))
			if c.ID != survivors[n] || c.Properties["city"] != city || c.Properties["firstname"] != member(10+n).FirstName || c.Properties["jobtitle"] != "Baker" {
				t.Errorf("member %d: contact %s (want %s) %v", 10+n, c.ID, survivors[n], c.Properties)
			}
		}
	})
}

// Associations and lists of the one who left are the heir's to keep, and to end.
func TestWhoReturnsHasTheAssociationsAndLists(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 3, map[string]string{"listMembershipActive": "static", "syncCompanies": "true"})
	for n := 1; n <= 2; n++ {
		b.host.PutEntity(tenantA, organization(n))
	}
	b.record(integration.OrganizationChanged(tenantA, organizationID(1)), integration.OrganizationChanged(tenantA, organizationID(2)))
	of := func(m integration.Member, org int) integration.Member {
		m.OrganizationID = organizationID(org)
		return m
	}
	b.save(tenantA, of(tagged(1), 1))
	b.settled(tenantA)
	b.wantCompaniesOf(1, "1*")
	c, _ := b.contact(portalA, memberID(1))
	// At once: the one who left is still in the list when the heir comes.
	heir := of(tagged(9), 1)
	heir.Email = tagged(1).Email
	b.host.Delete(tenantA, memberID(1))
	b.host.Put(tenantA, heir)
	b.record(integration.MemberChanged(tenantA, memberID(9)), integration.MemberChanged(tenantA, memberID(1)))
	b.settled(tenantA)
	if now, _ := b.contact(portalA, memberID(9)); now.ID != c.ID {
		t.Fatalf("the heir has contact %q, want %q", now.ID, c.ID)
	}
	b.wantCompaniesOf(9, "1*")
	if got := b.inList(staticName); !slices.Equal(got, []int{2, 3, 9}) {
		t.Errorf("in the list are %v", got)
	}
	// What was made for the one who left ends for the heir.
	gone := expired(9)
	gone.Email = tagged(1).Email
	b.save(tenantA, of(gone, 2))
	b.settled(tenantA)
	b.wantCompaniesOf(9, "2")
	if got := b.inList(staticName); !slices.Equal(got, []int{2, 3}) {
		t.Errorf("in the list are %v", got)
	}
}
