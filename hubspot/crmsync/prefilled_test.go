//go:build !race

// Under the race detector 50,000 contacts take longer than they teach: .ci/run
// runs this file in a step of its own.

package crmsync_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// foreigners is how many contacts a portal has before the plugin comes.
const foreigners = 50_000

// A portal with a life of its own: of 50,000 contacts 30 % are members by their
// primary address and 5 % by a secondary one, with values and tags of other
// people's and labelled associations. After the first sync and the
// confirmation nothing of that has changed, and nobody was tagged beyond what
// the admin saw.
func TestFirstSyncOfAPrefilledPortal(t *testing.T) {
	t.Parallel()
	b := start(t)
	portal := b.sim.Portal(portalA)
	b.define(hubspot.Contacts, segmentsProperty("vip", "press", "board"))
	portal.DefineLabel("contacts", "companies", "Board member", "Board")
	companies := make([]string, 50)
	for i := range companies {
		companies[i] = portal.PutRecord("companies", map[string]string{"name": fmt.Sprintf("Company %d", i)}).ID
	}
	var members []integration.Member
	before := map[string]map[string]string{}
	for i := range foreigners {
		props := map[string]string{"email": fmt.Sprintf("c%d@example.com", i), "firstname": "Theirs" + strconv.Itoa(i), "segments": "vip;press"}
		m := tagged(i)
		switch {
		case i%100 < 30: // by the primary address
			m.Email = strings.ToUpper(props["email"])
		case i%100 < 35: // by a secondary one
			props["hs_additional_emails"] = fmt.Sprintf("second%d@example.com", i)
			m.Email = fmt.Sprintf("second%d@example.com", i)
		default:
			m.ID = ""
		}
		if i%3 == 0 {
			props["city"] = "Foreign City"
		}
		c := portal.PutContact(props)
		before[c.ID] = c.Properties
		if i%1000 == 0 {
			portal.PutAssociation("contacts", c.ID, "companies", companies[i/1000%50], "Board member")
		}
		if m.ID != "" {
			m.City = "Our City"
			members = append(members, m)
		}
	}
	newcomers := 500
	for i := range newcomers {
		m := tagged(foreigners + i)
		members = append(members, m)
	}
	for _, m := range members {
		b.host.Put(tenantA, m)
	}
	associations := portal.Associations("contacts", "companies")

	b.connectWith(map[string]string{"syncTags": "true", "tagPropertyMembership": "segments"})
	st := b.settled(tenantA)
	if st.Members.InSync != len(members) {
		t.Fatalf("members: %+v of %d", st.Members, len(members))
	}
	preview := b.board().Gate
	if preview.Gains["membership-active"] != len(members) || preview.Members != len(members) {
		t.Errorf("preview: %+v", preview)
	}
	for _, c := range portal.Contacts() {
		if strings.Contains(c.Properties["segments"], "membership") || c.Properties["memberpulse_tags"] != "" {
			t.Fatalf("contact %s was tagged before the confirmation: %v", c.ID, c.Properties)
		}
	}
	b.confirmTags(false)
	b.settled(tenantA)

	contacts := portal.Contacts()
	if len(contacts) != foreigners+newcomers {
		t.Errorf("%d contacts, want %d", len(contacts), foreigners+newcomers)
	}
	gained := 0
	for _, c := range contacts {
		old, was := before[c.ID]
		values := strings.Split(c.Properties["segments"], ";")
		ours := slices.Contains(values, "membership-active")
		if ours {
			gained++
		}
		if !was {
			continue
		}
		if isMember := c.Properties["memberpulse_member_id"] != ""; ours != isMember {
			t.Fatalf("contact %s: member %v, tagged %v", c.ID, isMember, ours)
		}
		if want := changedForeign(old, c.Properties); want != "" {
			t.Fatalf("contact %s: %s", c.ID, want)
		}
	}
	if gained != preview.Gains["membership-active"] {
		t.Errorf("%d contacts were tagged, the preview said %d", gained, preview.Gains["membership-active"])
	}
	if !slices.EqualFunc(associations, portal.Associations("contacts", "companies"), func(a, b hubspottest.Association) bool { return a == b }) {
		t.Error("associations of others changed")
	}
}

// changedForeign names a value of others that is not what it was, "" if none.
func changedForeign(old, now map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(old)) {
		switch {
		case name == "segments":
			for v := range strings.SplitSeq(old[name], ";") {
				if !slices.Contains(strings.Split(now[name], ";"), v) {
					return "lost the value " + v + " of " + name
				}
			}
		case name == "lastmodifieddate", strings.HasPrefix(name, "hs_"):
		case old[name] != now[name]:
			return fmt.Sprintf("%s was %q and is %q", name, old[name], now[name])
		}
	}
	return ""
}
