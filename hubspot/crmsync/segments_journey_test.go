package crmsync_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

const expiredStatic = "MemberPulse: Membership expired (static)"

// changeMembers changes a list by hand.
func (b *bundle) changeMembers(name string, add, remove []string) {
	b.t.Helper()
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(b.t, err)
	l, ok := b.list(name)
	if !ok {
		b.t.Fatalf("no list %s", name)
	}
	_, err = client.ChangeMembers(context.Background(), l.ID, add, remove)
	must(b.t, err)
}

func TestStaticListsFollowTheTags(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			const n = 130 // more than a batch
			b := confirmed(t, n, map[string]string{"listMembershipActive": "static", "listMembershipExpired": "static"}, withVersion(version))
			if got := b.inList(staticName); !slices.Equal(got, upTo(n)) {
				t.Fatalf("%d members after the confirmation", len(got))
			}
			if calls := b.calls("/memberships/add-and-remove"); calls > 20 {
				t.Errorf("%d calls for %d members", calls, n)
			}
			var some []integration.Member
			for i := 1; i <= 40; i++ {
				some = append(some, expired(i))
			}
			b.save(tenantA, some...)
			b.settled(tenantA)
			if got := b.inList(expiredStatic); !slices.Equal(got, upTo(40)) {
				t.Errorf("expired: %v", got)
			}
			if got := b.inList(staticName); !slices.Equal(got, upTo(n)[40:]) {
				t.Errorf("active: %v", got)
			}
			// A change that moves nobody costs no call about lists.
			calls := b.calls("/crm/lists/")
			m := tagged(100)
			m.City = "Perth"
			b.save(tenantA, m)
			b.settled(tenantA)
			if b.calls("/crm/lists/") != calls {
				t.Errorf("%d calls about lists for another city", b.calls("/crm/lists/")-calls)
			}
			// Who leaves the host leaves the lists.
			b.host.Delete(tenantA, memberID(50))
			b.record(integration.MemberChanged(tenantA, memberID(50)))
			b.settled(tenantA)
			if got := b.inList(staticName); slices.Contains(got, 50) {
				t.Error("a member who left is in the list")
			}
		})
	}
}

func TestPeopleInAStaticListAreLeftAlone(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 4, map[string]string{"listMembershipExpired": "static"})
	friend := b.sim.Portal(portalA).PutContact(map[string]string{"email": "friend@example.com"}).ID
	b.changeMembers(expiredStatic, []string{friend, b.contactID(1), b.contactID(2)}, nil)
	b.save(tenantA, expired(2), expired(3), expired(4))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); !slices.Equal(got, []int{-1, 1, 2, 3, 4}) {
		t.Fatalf("members %v", got)
	}
	// Whom a person takes out stays out while the tag lasts.
	b.changeMembers(expiredStatic, nil, []string{b.contactID(4)})
	m := expired(4)
	m.City = "Perth"
	b.save(tenantA, m)
	// What ends is taken out if we have put it in.
	b.save(tenantA, tagged(2), tagged(3))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); !slices.Equal(got, []int{-1, 1, 2}) {
		t.Errorf("members %v: 1, 2 and a friend are there by hand", got)
	}
	b.save(tenantA, tagged(4))
	b.settled(tenantA)
	b.save(tenantA, expired(4))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); !slices.Equal(got, []int{-1, 1, 2, 4}) {
		t.Errorf("members %v after the tag began anew", got)
	}
}

// Modes change; the lists of before stay, and are right again when they are
// chosen once more.
func TestAListIsSwitchedOffAndOn(t *testing.T) {
	t.Parallel()
	static := withTagLists(map[string]string{"listMembershipActive": "static"})
	b := confirmed(t, 3, map[string]string{}, withSim(hubspottest.Options{ListLag: -1}))
	if n := len(b.sim.Portal(portalA).Lists()); n != 0 {
		t.Fatalf("%d lists that nobody asked for", n)
	}
	b.connectWith(static) // long after the contacts
	b.settled(tenantA)
	if got := b.inList(staticName); !slices.Equal(got, []int{1, 2, 3}) {
		t.Fatalf("members %v", got)
	}
	first, _ := b.list(staticName)
	b.connectWith(withTagLists(map[string]string{"listMembershipActive": "active"}))
	b.settled(tenantA)
	b.save(tenantA, expired(1), tagged(4))
	b.settled(tenantA)
	if got := b.inList(staticName); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("the list of before: %v", got)
	}
	if got := b.inList(activeName); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("the active list: %v", got)
	}
	b.connectWith(static)
	b.settled(tenantA)
	if l, _ := b.list(staticName); l.ID != first.ID {
		t.Errorf("another list: %+v", l)
	}
	if got := b.inList(staticName); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("chosen once more: %v", got)
	}
	off := withTagLists(nil)
	off["syncLists"] = "false"
	b.connectWith(off)
	b.save(tenantA, expired(2))
	b.settled(tenantA)
	if got := b.inList(staticName); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("switched off: %v", got)
	}
}

// A reply that is lost makes a contact ours, for the call that put it in was
// perhaps ours: it is taken out again when its tag ends.
func TestALostReplyAboutAListIsAskedAbout(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 3, map[string]string{"listMembershipExpired": "static"})
	b.sim.Inject(hubspottest.Fault{PathContains: "/memberships/", Times: 1, LoseReply: true})
	b.save(tenantA, expired(1), expired(2))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); !slices.Equal(got, []int{1, 2}) {
		t.Fatalf("members %v", got)
	}
	b.sim.Inject(hubspottest.Fault{PathContains: "/memberships/", Times: 1, LoseReply: true})
	b.save(tenantA, tagged(1), tagged(2), expired(3))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); !slices.Equal(got, []int{3}) {
		t.Errorf("members %v", got)
	}
}

// The tag ends before the lost reply's call is tried again: whoever is in by it
// comes out.
func TestALostReplyWhoseTagEndsMeanwhile(t *testing.T) {
	t.Parallel()
	b := confirmed(t, 2, map[string]string{"listMembershipExpired": "static"})
	b.sim.Inject(hubspottest.Fault{PathContains: "/memberships/", Times: 1, LoseReply: true})
	b.save(tenantA, expired(1))
	b.eventually("the contact in the list", func() bool { return len(b.inList(expiredStatic)) == 1 })
	b.save(tenantA, tagged(1))
	b.settled(tenantA)
	if got := b.inList(expiredStatic); len(got) != 0 {
		t.Errorf("members %v", got)
	}
}

// Contacts that HubSpot no longer has under their ids do not hold up the others.
func TestContactsThatListsDoNotKnow(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{"merged ids lead on": {}, "merged ids are unknown": {MergedIDRejectsWrite: true}, "the primary keeps its id": {MergeKeepsPrimaryID: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := confirmed(t, 6, nil, withSim(o))
			p := b.sim.Portal(portalA)
			first := b.contactID(1)
			p.ArchiveContact(first)
			other := p.PutContact(map[string]string{"email": "other@example.com"}).ID
			survivor := p.MergeContacts(other, b.contactID(2))
			b.connectWith(withTagLists(map[string]string{"listMembershipActive": "static"}))
			b.settled(tenantA)
			l, ok := b.list(staticName)
			if !ok || len(l.Members) != 5 || !slices.Contains(l.Members, survivor) {
				t.Fatalf("members %v, survivor %s", l.Members, survivor)
			}
			if r := b.logOf(tenantA, memberID(1)); r.Code != "deleted-in-hubspot" {
				t.Errorf("the deleted contact: %+v", r)
			}
			// The survivor is the member's now: it leaves with the tag.
			b.save(tenantA, expired(2))
			b.settled(tenantA)
			if l, _ := b.list(staticName); len(l.Members) != 4 {
				t.Errorf("members %v after the tag of the merged contact ended", l.Members)
			}
			// Back from the recycle bin a contact is in no list, until it is looked at.
			p.RestoreRecord("contacts", first)
			must(t, b.syncer.Retry(context.Background(), tenantA, b.logOf(tenantA, memberID(1)).ID))
			b.settled(tenantA)
			if got := b.inList(staticName); !slices.Contains(got, 1) {
				t.Errorf("members %v: the restored contact is missing", got)
			}
		})
	}
}

// Whatever goes wrong, the lists are in the end those of the tags, and who was
// put in by hand is still there.
func TestStaticListsUnderFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(seed, 14))
			const n = 40
			b := confirmed(t, n, map[string]string{"listMembershipActive": "static", "listMembershipExpired": "static"}, withSim(hubspottest.Options{Seed: seed + 1}))
			friend := b.sim.Portal(portalA).PutContact(map[string]string{"email": "friend@example.com"}).ID
			b.changeMembers(staticName, []string{friend}, nil)
			other := start(t, beside(b))
			is := make([]bool, n+1) // expired
			for range 25 {
				if rnd.IntN(2) == 0 {
					f := []hubspottest.Fault{{LoseReply: true}, {Status: 500}, {Short: true}, {DropBefore: true}, {Truncate: true}}[rnd.IntN(5)]
					f.PathContains, f.Times = []string{"/memberships/add-and-remove", "/crm/lists/", "/batch/"}[rnd.IntN(3)], 1
					if f.PathContains == "/batch/" && f.Short {
						f.Short, f.LoseReply = false, true
					}
					b.sim.Inject(f)
				}
				var members []integration.Member
				for range 1 + rnd.IntN(8) {
					i := 1 + rnd.IntN(n)
					if slices.ContainsFunc(members, func(m integration.Member) bool { return m.ID == memberID(i) }) {
						continue
					}
					m := tagged(i)
					m.Memberships[0].StatusSince = time.Now()
					if is[i] = !is[i]; is[i] {
						m = expired(i)
					}
					members = append(members, m)
				}
				[]*bundle{b, other}[rnd.IntN(2)].save(tenantA, members...)
				if rnd.IntN(4) == 0 {
					b.settled(tenantA)
				}
			}
			b.sim.ClearFaults()
			b.settled(tenantA)
			want := map[string][]int{staticName: {-1}, expiredStatic: nil}
			for i := 1; i <= n; i++ {
				name := staticName
				if is[i] {
					name = expiredStatic
				}
				want[name] = append(want[name], i)
			}
			for name, members := range want {
				if got := b.inList(name); !slices.Equal(got, members) {
					t.Errorf("%s has %v, want %v", name, got, members)
				}
			}
			if b.troubles() != nil {
				t.Errorf("troubles %v", b.troubles())
			}
		})
	}
}
