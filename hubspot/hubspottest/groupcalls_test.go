package hubspottest_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestPropertyGroups(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/crm/v3/properties/contacts", "/crm/properties/2026-03/contacts", "/crm/properties/2026-09/contacts"} {
		b := setup(t, hubspottest.Options{})
		b.call("POST", root+"/groups", map[string]any{"name": "member", "label": "Member"}).want(201).wantText("Member", "label")
		b.call("POST", root+"/groups", map[string]any{"name": "member", "label": "Member"}).want(409)
		b.call("POST", root+"/groups", map[string]any{"name": "No Name"}).want(400)
		b.call("PATCH", root+"/groups/member", map[string]any{"label": "Members"}).want(200).wantText("Members", "label")
		b.call("GET", root+"/groups/member", nil).want(200).wantText("Members", "label")
		if n := b.call("GET", root+"/groups", nil).want(200).count("results"); n != 3 {
			t.Fatalf("%d groups", n)
		}
		p := choice("tags", "a")
		p["groupName"] = "member"
		b.call("POST", root, p).want(201)
		b.call("DELETE", root+"/groups/member", nil).want(400).wantText("PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES", "subCategory")
		b.call("DELETE", root+"/tags", nil).want(204)
		b.call("DELETE", root+"/groups/member", nil).want(204)
		b.call("GET", root+"/groups/member", nil).want(404)
	}
}
