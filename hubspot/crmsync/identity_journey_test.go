package crmsync_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestExistingContactsAreAdopted(t *testing.T) {
	t.Parallel()
	b := start(t)
	portal := b.sim.Portal(portalA)
	primary := portal.PutContact(map[string]string{"email": "member1@example.org", "jobtitle": "Baker"})
	secondary := portal.PutContact(map[string]string{"email": "old@example.org", "hs_additional_emails": "MEMBER2@example.org"})
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1), member(2))
	b.settled(tenantA)
	for id, want := range map[string]string{memberID(1): primary.ID, memberID(2): secondary.ID} {
		if c, _ := b.contact(portalA, id); c.ID != want {
			t.Errorf("member %s has contact %q, want %q", id, c.ID, want)
		}
	}
	if n := len(portal.Contacts()); n != 2 {
		t.Errorf("%d contacts, want the 2 that were there", n)
	}
}

func TestTenThousandExistingContactsAreAdoptedWithoutBisect(t *testing.T) {
	t.Parallel()
	b := start(t)
	const n = 10_000
	portal := b.sim.Portal(portalA)
	for i := range n {
		portal.PutContact(map[string]string{"email": fmt.Sprintf("member%d@example.org", i), "jobtitle": "kept"})
		b.host.Put(tenantA, member(i))
	}
	b.connect(tenantA, portalA, tokenA)
	st := b.settled(tenantA)
	if st.Members.InSync != n {
		t.Fatalf("members = %+v", st.Members)
	}
	contacts := portal.Contacts()
	if len(contacts) != n {
		t.Errorf("%d contacts, want %d", len(contacts), n)
	}
	for _, c := range contacts {
		if c.Properties["memberpulse_member_id"] == "" || c.Properties["jobtitle"] != "kept" {
			t.Fatalf("contact %s = %v", c.ID, c.Properties)
		}
	}
	refused := 0
	for _, r := range b.sim.Requests() {
		if r.Status >= 400 {
			refused++
		}
	}
	if refused > 0 {
		t.Errorf("%d calls were refused", refused)
	}
	// Two reads and one update for each hundred, with some slack for windows that were not full.
	if got, most := len(b.sim.Requests()), 3*n/100*12/10+20; got > most {
		t.Errorf("%d calls, want at most %d", got, most)
	}
}

func TestCollisionIsFrozenAndListed(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	portal := b.sim.Portal(portalA)
	foreign := portal.PutContact(map[string]string{"email": "member1@example.org", "firstname": "Foreign",
		"memberpulse_member_id": memberID(999)})
	b.save(tenantA, member(1), member(2))
	b.eventually("the other member", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	st := b.settled(tenantA)
	if c, _ := portal.Contact(foreign.ID); c.Properties["firstname"] != "Foreign" || c.Properties["memberpulse_member_id"] != memberID(999) {
		t.Errorf("a foreign contact was written: %v", c.Properties)
	}
	if st.Members.NeedsAttention != 1 || len(st.Incidents) != 1 || st.Incidents[0].Code != "collision" {
		t.Fatalf("status = %+v", st)
	}
	r := b.logOf(tenantA, memberID(1))
	if r.Status != integration.SyncFailed || r.Fix == "" || r.CRMEntityURL == "" {
		t.Errorf("record = %+v", r)
	}
	// The admin clears it up in HubSpot and presses Retry.
	portal.EditContact(foreign.ID, map[string]string{"email": "foreign@example.org"})
	must(t, b.syncer.Retry(context.Background(), tenantA, r.ID))
	b.eventually("the member after the retry", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
	if st := b.settled(tenantA); st.Members.NeedsAttention != 0 {
		t.Errorf("status = %+v", st)
	}
}

func TestEmailChangeKeepsTheContact(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprintf("old address kept %v", keep), func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(hubspottest.Options{KeepOldEmail: keep}))
			b.connect(tenantA, portalA, tokenA)
			m := member(1)
			b.save(tenantA, m)
			b.settled(tenantA)
			before, _ := b.contact(portalA, m.ID)
			m.Email = "New.Address@Example.org"
			b.save(tenantA, m)
			b.eventually("the new address", func() bool {
				c, _ := b.contact(portalA, m.ID)
				return c.Properties["email"] == "new.address@example.org"
			})
			if after, _ := b.contact(portalA, m.ID); after.ID != before.ID {
				t.Errorf("contact %s became %s", before.ID, after.ID)
			}
			if n := len(b.sim.Portal(portalA).Contacts()); n != 1 {
				t.Errorf("%d contacts", n)
			}
		})
	}
}

func TestMergedContactIsFollowed(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{
		"write by an old id lands on the survivor": {},
		"write by an old id is refused":            {MergedIDRejectsWrite: true},
		"the primary keeps its id":                 {MergeKeepsPrimaryID: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(o))
			b.connect(tenantA, portalA, tokenA)
			m := member(1)
			b.save(tenantA, m)
			b.settled(tenantA)
			portal := b.sim.Portal(portalA)
			old, _ := b.contact(portalA, m.ID)
			stranger := portal.PutContact(map[string]string{"email": "stranger@example.org"})
			survivor := portal.MergeContacts(stranger.ID, old.ID)
			m.FirstName = "Merged"
			b.save(tenantA, m)
			b.eventually("the survivor's new name", func() bool {
				c, ok := portal.Contact(survivor)
				return ok && c.Properties["firstname"] == "Merged"
			})
			b.settled(tenantA)
			if r := b.logOf(tenantA, m.ID); r.CRMEntityID != survivor || r.Status != integration.SyncSynced {
				t.Errorf("record = %+v, want contact %s", r, survivor)
			}
			if n := len(portal.Contacts()); n != 1 {
				t.Errorf("%d contacts", n)
			}
		})
	}
}

func TestTwoMembersMergedIntoOneContactFreeze(t *testing.T) {
	t.Parallel()
	const known = "write by an old id lands on a survivor that was there before us"
	for name, o := range map[string]hubspottest.Options{
		"write by an old id lands on the survivor": {},
		"write by an old id is refused":            {MergedIDRejectsWrite: true},
		"the primary keeps its id":                 {MergeKeepsPrimaryID: true},
		known:                                      {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(o))
			b.connect(tenantA, portalA, tokenA)
			kept, gone := member(1), member(2)
			if name == known {
				b.sim.Portal(portalA).PutContact(map[string]string{"email": kept.Email})
			}
			b.save(tenantA, kept, gone)
			b.settled(tenantA)
			portal := b.sim.Portal(portalA)
			first, _ := b.contact(portalA, kept.ID)
			second, _ := b.contact(portalA, gone.ID)
			survivor := portal.MergeContacts(first.ID, second.ID)
			kept.FirstName = "Kept"
			b.save(tenantA, kept)
			b.eventually("the first member on the survivor", func() bool {
				c, _ := portal.Contact(survivor)
				return c.Properties["firstname"] == "Kept"
			})
			b.settled(tenantA)
			gone.FirstName = "Gone"
			b.save(tenantA, gone)
			b.eventually("the freeze", func() bool { return b.status(tenantA).Members.NeedsAttention == 1 })
			st := b.settled(tenantA)
			if r := b.logOf(tenantA, gone.ID); r.Code != "merged" {
				t.Errorf("record = %+v", r)
			}
			b.eventually("the first member's values", func() bool {
				c, _ := portal.Contact(survivor)
				return c.Properties["firstname"] == "Kept" && c.Properties["memberpulse_member_id"] == kept.ID
			})
			if st.Members.InSync != 1 {
				t.Errorf("members = %+v", st.Members)
			}
		})
	}
}

func TestContactDeletedInHubSpotStaysDeleted(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	m := member(1)
	b.save(tenantA, m)
	b.settled(tenantA)
	portal := b.sim.Portal(portalA)
	c, _ := b.contact(portalA, m.ID)
	portal.ArchiveContact(c.ID)
	m.FirstName = "Changed"
	b.save(tenantA, m)
	b.eventually("the reason", func() bool { return b.logOf(tenantA, m.ID).Code == "deleted-in-hubspot" })
	st := b.settled(tenantA)
	if n := len(portal.Contacts()); n != 0 {
		t.Errorf("%d contacts: a deleted one was made again", n)
	}
	if st.Members.NotIncluded != 1 {
		t.Errorf("members = %+v", st.Members)
	}
}

func TestContactMadeBetweenReadAndUpsert(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{
		"named in a 207":             {},
		"409 for the batch":          {EmailConflict: hubspottest.EmailConflictBatch},
		"409 without an id":          {EmailConflict: hubspottest.EmailConflictBatchNoID, ConflictBody: hubspottest.ConflictWithoutID},
		"409 with a profile":         {EmailConflict: hubspottest.EmailConflictBatch, ConflictBody: hubspottest.ConflictIdentityProfile},
		"secondary addresses hidden": {SecondaryEmailHidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var portal *hubspottest.PortalState
			var once sync.Once
			b := start(t, withSim(o), withBefore(func(r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/batch/upsert") && !o.SecondaryEmailHidden {
					once.Do(func() { portal.PutContact(map[string]string{"email": "member1@example.org"}) })
				}
			}))
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			portal = b.sim.Portal(portalA)
			if o.SecondaryEmailHidden {
				portal.PutContact(map[string]string{"email": "x@example.org", "hs_additional_emails": "member1@example.org"})
			}
			b.save(tenantA, member(1), member(2), member(3))
			b.eventually("all three", func() bool {
				_, one := b.contact(portalA, memberID(1))
				_, two := b.contact(portalA, memberID(2))
				_, three := b.contact(portalA, memberID(3))
				return one && two && three
			})
			b.settled(tenantA)
			if n := len(portal.Contacts()); n != 3 {
				t.Errorf("%d contacts, want 3", n)
			}
		})
	}
}
