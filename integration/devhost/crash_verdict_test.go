package main_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// hostMember is a member as the host's API shows it.
type hostMember map[string]any

func (m hostMember) text(name string) string { s, _ := m[name].(string); return s }

// everyone reads all members of the host, page by page.
func everyone(t *testing.T, d *driver) map[string]hostMember {
	t.Helper()
	out := map[string]hostMember{}
	for page := 1; ; page++ {
		status, got := d.call(t.Context(), "GET", fmt.Sprintf("/demo/members?itemsPerPage=100&page=%d", page), nil)
		if status != http.StatusOK {
			t.Fatalf("page %d of the members: %d %v", page, status, got)
		}
		list := got["members"].([]any)
		for _, raw := range list {
			m := hostMember(raw.(map[string]any))
			out[m.text("id")] = m
		}
		if len(list) < 100 {
			return out
		}
	}
}

// plainFields are the fields that travel as they are.
func plainFields() [][2]string {
	return [][2]string{
		{"firstName", "firstname"}, {"lastName", "lastname"}, {"contactNumber", "phone"}, {"mobile", "mobilephone"},
		{"company", "company"}, {"position", "jobtitle"}, {"address", "address"}, {"city", "city"}, {"postcode", "zip"},
		{"state", "state"}, {"country", "country"}, {"websiteUrl", "website"}, {"status", "memberpulse_member_status"},
	}
}

// wanted is what the contact of a member must show, written from the
// specification and not from the plugin's map.
func wanted(m hostMember) map[string]string {
	want := map[string]string{
		"memberpulse_member_id": m.text("id"), "memberpulse_registered_at": instant(m.text("registeredAt")),
		"memberpulse_membership_plan": "", "memberpulse_membership_status": "", "memberpulse_membership_start": "",
		"memberpulse_membership_end": "", "memberpulse_membership_renewed_at": "",
	}
	for _, f := range plainFields() {
		want[f[1]] = m.text(f[0])
	}
	if email := strings.ToLower(m.text("email")); email != "" {
		want["email"] = email // a blank one never clears the contact's
	}
	list, _ := m["memberships"].([]any)
	if len(list) == 0 {
		return want
	}
	rank := []string{"active", "expiring", "expired", "suspended", "cancelled"}
	best := hostMember(slices.MinFunc(list, func(a, b any) int {
		x, y := hostMember(a.(map[string]any)), hostMember(b.(map[string]any))
		return cmp.Or(slices.Index(rank, x.text("status"))-slices.Index(rank, y.text("status")),
			strings.Compare(y.text("endDate"), x.text("endDate")), strings.Compare(y.text("id"), x.text("id")))
	}).(map[string]any))
	want["memberpulse_membership_plan"] = best.text("plan")
	want["memberpulse_membership_status"] = best.text("status")
	want["memberpulse_membership_start"] = best.text("startDate")
	want["memberpulse_membership_end"] = best.text("endDate")
	want["memberpulse_membership_renewed_at"] = instant(best.text("renewedAt"))
	return want
}

// instant brings a point in time to the precision of HubSpot.
func instant(s string) string {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s
	}
	return at.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}

// judgeHost compares host and portal at rest and reports every difference.
func judgeHost(t *testing.T, d *driver, tr *traps, portal *hubspottest.PortalState) {
	t.Helper()
	members := everyone(t, d)
	contacts := map[string]hubspottest.Record{}
	for _, c := range portal.Contacts() {
		key := c.Properties["memberpulse_member_id"]
		if _, twice := contacts[key]; twice || key == "" {
			t.Errorf("contact %s carries the member id %q, which is empty or carried by another contact", c.ID, key)
		}
		contacts[key] = c
	}
	included := 0
	for id, m := range members {
		if judgeMember(t, tr, m, contacts[id]) {
			included++
		}
	}
	for key, c := range contacts {
		if _, lives := members[key]; lives {
			continue
		}
		if n := tr.count(`select count(*) from mp_members where id = ? and deleted_at is not null`, key); n != 1 {
			t.Errorf("contact %s belongs to nobody: %s", c.ID, key)
		}
		if got := c.Properties["memberpulse_member_status"]; got != "deleted" {
			t.Errorf("deleted member %s: status %q in HubSpot", key, got)
		}
	}
	for _, c := range contacts {
		if n := tr.count(`select count(*) from hubspot_identity_link where hubspot_id = ? and key = ? and not lost`, c.ID, c.Properties["memberpulse_member_id"]); n != 1 {
			t.Errorf("contact %s: %d links to its member, want 1", c.ID, n)
		}
	}
	for what, query := range map[string]string{
		"links besides those of the contacts":  fmt.Sprintf(`select count(*) - %d from hubspot_identity_link`, len(contacts)),
		"rows left in the outbox":              `select count(*) from hubspot_outbox`,
		"records set aside that are not held":  `select count(*) from hubspot_outbox_aside where due_at <> 'infinity'`,
		"members without a sync record":        `select count(*) from mp_members m where deleted_at is null and not exists (select from hubspot_sync_record r where r.entity_id = m.id)`,
		"sync records that wait":               `select count(*) from hubspot_sync_record where sync_status = 'pending'`,
		"sync records of living members, gone": `select count(*) from hubspot_sync_record r join mp_members m on m.id = r.entity_id where m.deleted_at is null and r.gone`,
	} {
		if n := tr.count(query); n != 0 {
			t.Errorf("%s: %d, want none", what, n)
		}
	}
	if included < len(members)*8/10 {
		t.Errorf("%d of %d members are included: this proves too little", included, len(members))
	}
}

// judgeMember compares one member with its contact; the answer is whether it
// has one.
func judgeMember(t *testing.T, tr *traps, m hostMember, c hubspottest.Record) bool {
	t.Helper()
	id := m.text("id")
	var record struct {
		Status string `bun:"sync_status"`
		Code   string `bun:"code"`
		CRM    string `bun:"crm"`
	}
	err := tr.db.NewRaw(`select sync_status, code, coalesce(crm_entity_id, '') as crm from hubspot_sync_record where entity_id = ?`, id).Scan(t.Context(), &record)
	if err != nil {
		t.Errorf("member %s: its sync record: %v", id, err)
		return false
	}
	if c.ID == "" {
		var status, code string
		switch {
		case strings.HasSuffix(m.text("email"), "@localhost"):
			status, code = "failed", "INVALID_EMAIL" // one invented member is like that
		case m.text("status") == "pending":
			status, code = "excluded", "member-pending"
		case m.text("email") == "":
			status, code = "excluded", "no-email"
		default:
			t.Errorf("member %s is left behind: no contact; its sync record says %s %s", id, record.Status, record.Code)
			return false
		}
		if record.Status != status || record.Code != code {
			t.Errorf("member %s: sync record %s %s, want %s %s", id, record.Status, record.Code, status, code)
		}
		return false
	}
	for name, want := range wanted(m) {
		got := c.Properties[name]
		if strings.HasSuffix(name, "_at") {
			got = instant(got)
		}
		if got != want {
			t.Errorf("member %s: %s is %q in HubSpot, want %q", id, name, got, want)
		}
	}
	if record.Status != "synced" || record.CRM != c.ID {
		t.Errorf("member %s: sync record %s %s of contact %q, want synced with %s", id, record.Status, record.Code, record.CRM, c.ID)
	}
	return true
}
