package crmsync_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestAListThatIsGoneForGoodIsMadeAnewOnRequestOnly(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"listMembershipActive": "static"}
	b := confirmed(t, 2, lists)
	old, _ := b.list(staticName)
	b.sim.Portal(portalA).DeleteList(old.ID)
	b.sim.Inject(hubspottest.Fault{PathContains: "/restore", Status: 404}) // after 90 days
	b.save(tenantA, expired(1), tagged(3))
	b.settled(tenantA)
	gone := func(when string) {
		t.Helper()
		if got := b.troubles(); !slices.Equal(got, []string{"list-deleted"}) {
			t.Errorf("%s: troubles %v", when, got)
		}
		if _, ok := b.list(staticName); ok {
			t.Errorf("%s: the list was made anew", when)
		}
	}
	gone("at once")
	if b.tagsOf(memberID(3)) != "membership-active" {
		t.Error("tags were not written")
	}
	b.recheck()
	gone("checked again")
	off := withTagLists(lists)
	off["syncLists"] = "false"
	b.connectWith(off)
	b.connectWith(withTagLists(lists))
	b.settled(tenantA)
	gone("switched off and on")

	b.connectWith(withTagLists(map[string]string{"listMembershipActive": "none"}))
	b.settled(tenantA)
	if b.troubles() != nil {
		t.Errorf("not wanted: troubles %v", b.troubles())
	}
	b.connectWith(withTagLists(lists))
	b.settled(tenantA)
	anew, ok := b.list(staticName)
	if !ok || anew.ID == old.ID || b.troubles() != nil {
		t.Fatalf("chosen once more: %+v, troubles %v", anew, b.troubles())
	}
	if got := b.inList(staticName); !slices.Equal(got, []int{2, 3}) {
		t.Errorf("members %v", got)
	}
}

func TestThePlansLimitOfLists(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{"bad request": {}, "forbidden": {ListLimitForbidden: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lists := map[string]string{"listMembershipActive": "static", "listMembershipExpired": "active"}
			b := confirmed(t, 2, lists, withSim(o), withLists(1))
			if got := b.troubles(); !slices.Equal(got, []string{"list-limit"}) {
				t.Fatalf("troubles %v", got)
			}
			st := b.status(tenantA)
			if i := st.Incidents[len(st.Incidents)-1]; !strings.Contains(i.Fix, "property") || i.Action != "recheck" || st.Members.InSync != 2 {
				t.Errorf("status %+v", st)
			}
			if f := b.listsFeature(); f.State != "attention" || f.Done != 1 || f.Attention != 1 || f.Total != 2 {
				t.Errorf("feature %+v", f)
			}
			if got := b.inList(staticName); !slices.Equal(got, []int{1, 2}) {
				t.Errorf("members %v", got)
			}
			// The property works without the list.
			b.save(tenantA, expired(1))
			b.settled(tenantA)
			if b.tagsOf(memberID(1)) != "membership-expired" {
				t.Error("the tag was not written")
			}
			l, _ := b.list(staticName)
			b.sim.Portal(portalA).DeleteList(l.ID)
			b.connectWith(withTagLists(map[string]string{"listMembershipActive": "none", "listMembershipExpired": "active"}))
			b.settled(tenantA)
			if _, ok := b.list("MemberPulse: Membership expired"); !ok || b.troubles() != nil {
				t.Errorf("with room: troubles %v", b.troubles())
			}
			if f := b.listsFeature(); f.State != "ok" || f.Done != 1 || f.Total != 1 {
				t.Errorf("feature %+v", f)
			}
		})
	}
}

// Without the scope lists stop, and nothing else.
func TestListsWithoutTheirScopes(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			some := []string{"crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read", "crm.schemas.contacts.write", "oauth"}
			lists := map[string]string{"listMembershipActive": "static"}
			b := start(t, withVersion(version))
			b.save(tenantA, tagged(1))
			b.sim.Portal(portalA).AddToken(tokenA, append(some, "crm.lists.write")...)
			set := withTagLists(lists)
			set["portalId"], set["apiKey"], set["syncContacts"] = strconv.FormatInt(portalA, 10), tokenA, "true"
			var fields integration.FieldErrors
			if err := b.tryConnectWith(tenantA, set); !errors.As(err, &fields) || !strings.Contains(fields.Error(), "crm.lists.read") {
				t.Fatalf("without the scope to read: %v", err)
			}
			b.sim.Portal(portalA).AddToken(tokenA)
			must(t, b.tryConnectWith(tenantA, set))
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)

			b.sim.Portal(portalA).AddToken(tokenA, some...)
			b.save(tenantA, tagged(2), expired(1))
			b.settled(tenantA)
			if b.tagsOf(memberID(1)) != "membership-expired" || b.tagsOf(memberID(2)) != "membership-active" {
				t.Error("contacts do not go on")
			}
			if got := b.troubles(); !slices.Equal(got, []string{"list-scope"}) {
				t.Fatalf("troubles %v", got)
			}
			// More of it costs no calls, and a look without the scope mends nothing.
			calls := b.calls("/memberships")
			b.save(tenantA, tagged(3))
			b.settled(tenantA)
			b.recheck()
			if b.calls("/memberships") != calls || len(b.troubles()) != 1 {
				t.Errorf("%d calls for a list that cannot be written, troubles %v", b.calls("/memberships")-calls, b.troubles())
			}
			b.sim.Portal(portalA).AddToken(tokenA)
			b.recheck()
			if got := b.inList(staticName); !slices.Equal(got, []int{2, 3}) || b.troubles() != nil {
				t.Errorf("members %v, troubles %v", got, b.troubles())
			}
		})
	}
}

// A family that moves to a property of the customer's takes its active lists
// with it; a filter that a person has set is theirs.
func TestAnActiveListFollowsItsTagToAnotherProperty(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"listMembershipActive": "active"}
	b := confirmed(t, 2, lists, withSim(hubspottest.Options{ListLag: -1}))
	before, _ := b.list(activeName)
	b.define(hubspot.Contacts, hubspot.Property{Name: "standing", Label: "Standing", GroupName: "contactinformation", Type: "enumeration", FieldType: "checkbox",
		Options: []hubspot.Option{{Value: "vip", Label: "VIP"}}})
	moved := withTagLists(lists)
	moved["tagPropertyMembership"] = "standing"
	b.connectWith(moved)
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	if l, _ := b.list(activeName); l.ID != before.ID || b.troubles() != nil {
		t.Errorf("list %+v, troubles %v", l, b.troubles())
	}
	b.save(tenantA, expired(1))
	b.settled(tenantA)
	if got := b.inList(activeName); !slices.Equal(got, []int{2}) {
		t.Errorf("members %v", got)
	}
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	must(t, client.RefilterList(context.Background(), before.ID, hubspot.AnyOf{Property: "standing", Values: []string{"vip"}}))
	b.connectWith(moved)
	b.settled(tenantA)
	if got := b.troubles(); !slices.Equal(got, []string{"list-edited"}) {
		t.Errorf("troubles %v", got)
	}
}

// HubSpot has locked the list that is looked for: that is no answer, so the look is made
// again, and nobody has to press anything.
func TestALockedListIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1))
	// The check of the settings looks for it first.
	b.sim.Inject(hubspottest.Fault{PathContains: "/name/", Status: http.StatusLocked, After: 1, Times: 8})
	b.connectWith(withTagLists(map[string]string{"listMembershipActive": "static"}))
	b.settled(tenantA)
	b.confirmTags(false)
	b.eventually("the list has its member", func() bool {
		_, made := b.list(staticName)
		return made && slices.Equal(b.inList(staticName), []int{1})
	})
	if got := b.troubles(); got != nil {
		t.Errorf("troubles %v", got)
	}
}
