package console_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
)

func manyRecords(b *bench) {
	next := noon.Add(time.Minute)
	for i := range 65 {
		r := integration.SyncRecord{ID: fmt.Sprintf("r-%d", i), EntityType: "contact", MemberPulseEntityID: fmt.Sprintf("m-%d", i), Status: integration.SyncSynced, CreatedAt: noon, UpdatedAt: noon}
		if i == 2 {
			r.Status, r.Code, r.Error, r.Fix, r.NextAttemptAt = integration.SyncFailed, "LOCKED", "The record is locked.", "Wait.", &next
		}
		b.vendor.records[tenantA] = append(b.vendor.records[tenantA], r)
	}
}

func TestTheLogPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	manyRecords(b)
	page := b.page("user", "GET", "/acme/log").Body.String()
	mustContain(t, page, "66 records", "1 to 30 of 66", "Acme CRM refuses the email address.", "Correct the address of the member.", "not tried again by itself",
		"next try", "in 1 min, at 12:01", `rel="next" href="/settings/integrations/acme/log?page=2"`, `href="/settings/integrations/acme/log/r-0"`, "In sync", "Needs attention")
	mustNotContain(t, page, `rel="prev"`)
	page = b.page("user", "GET", "/acme/log?page=3&status=synced").Body.String()
	mustContain(t, page, "61 to 64 of 64", `rel="prev" href="/settings/integrations/acme/log?page=2&amp;status=synced"`, `value="synced" selected`)
	mustNotContain(t, page, `rel="next"`)
	page = b.page("user", "GET", "/acme/log?code=LOCKED&status=failed").Body.String()
	mustContain(t, page, "1 record<", "Only records with the code <code>LOCKED</code>", `href="/settings/integrations/acme/log?status=failed"`, "The record is locked.")
	mustContain(t, b.page("user", "GET", "/acme/log?search=nobody").Body.String(), "No record matches.")
	mustContain(t, b.page("user", "GET", "/acme/log?page=9").Body.String(), "There is nothing on this page.", `rel="prev"`)
	mustContain(t, b.page("adminB", "GET", "/acme/log?status=failed").Body.String(), "No record matches.")
}

func TestTheRecordPage(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	r := &b.vendor.records[tenantA][0]
	r.CRMEntityID, r.CRMEntityURL, r.FieldMappings = "5123", "https://crm.example/contacts/5123", map[string]string{"email": "crm_email"}
	page := b.page("admin", "GET", "/acme/log/"+oursID).Body.String()
	mustContain(t, page, "Acme CRM refuses the email address.", "Correct the address of the member.", "Not tried again by itself", "corr-77", "INVALID_EMAIL",
		`href="https://crm.example/contacts/5123" target="_blank" rel="noopener noreferrer"`, "crm_email", ">1 min ago</time>", `action="/settings/integrations/acme/log/`+oursID+`/retry"`, ">Retry</button>")
	r.CRMEntityURL = "javascript:alert(1)"
	mustNotContain(t, b.page("admin", "GET", "/acme/log/"+oursID).Body.String(), "javascript:")
}

func TestTheHostNamesEntities(t *testing.T) {
	t.Parallel()
	fail := false
	b := setup(t, func(cfg *console.Config) {
		cfg.Describe = func(_ context.Context, who integration.Identity, ids []string) (map[string]console.Described, error) {
			if fail {
				return nil, errors.New("boom")
			}
			if who.ClientID != tenantA || len(ids) != 1 {
				return nil, fmt.Errorf("asked for %d of %s", len(ids), who.ClientID)
			}
			return map[string]console.Described{ids[0]: {Label: "Ada <Lovelace>", Path: "/members/7"}}, nil
		}
	}).connected()
	mustContain(t, b.page("admin", "GET", "/acme/log").Body.String(), "Ada &lt;Lovelace&gt;")
	mustContain(t, b.page("admin", "GET", "/acme/log/"+oursID).Body.String(), "Ada &lt;Lovelace&gt;", `href="/members/7"`)
	fail = true
	w := b.page("admin", "GET", "/acme/log")
	mustContain(t, w.Body.String(), oursID)
	mustNotContain(t, w.Body.String(), "boom")
}

func TestTheLogFiltersByTypeAndKeepsItsFilters(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for i := range 40 {
		b.vendor.records[tenantA] = append(b.vendor.records[tenantA], integration.SyncRecord{ID: fmt.Sprintf("c-%d", i), EntityType: "company", Status: integration.SyncFailed, Code: "X", CreatedAt: noon, UpdatedAt: noon})
	}
	page := b.page("user", "GET", "/acme/log?entityType=company&status=failed&code=X").Body.String()
	mustContain(t, page, "40 records", `value="company" selected`, `value="failed" selected`, `name="code" value="X"`,
		`rel="next" href="/settings/integrations/acme/log?code=X&amp;entityType=company&amp;page=2&amp;status=failed"`, `href="/settings/integrations/acme/log?entityType=company&amp;status=failed">Show every code`)
	mustContain(t, b.page("user", "GET", "/acme/log?entityType=transaction").Body.String(), `value="transaction" selected`, "No record matches.")
}

func TestARecordOfATag(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	yes, no, when := true, false, noon.Add(-2*time.Hour)
	tag := integration.SyncRecord{ID: "t-1", EntityType: "tag", MemberPulseEntityID: oursID, Status: integration.SyncSynced, Tag: "membership-active", Applied: &yes,
		Cause: "renewed <early>", OccurredAt: &when, CreatedAt: noon, UpdatedAt: noon}
	off := tag
	off.ID, off.Tag, off.Applied = "t-2", "membership-expired", &no
	b.vendor.records[tenantA] = append(b.vendor.records[tenantA], tag, off)
	page := b.page("user", "GET", "/acme/log?entityType=tag").Body.String()
	mustContain(t, page, "<code>membership-active</code> applied: renewed &lt;early&gt;", "happened", ">2 h ago</time>", "<code>membership-expired</code> removed")
	mustNotContain(t, page, "Up to date")
	mustContain(t, b.page("user", "GET", "/acme/log/t-2").Body.String(), "<dt>Tag</dt><dd><code>membership-expired</code> removed</dd>", "<dt>Cause</dt><dd>renewed &lt;early&gt;</dd>", "<dt>Happened</dt>", "<dt>Member id</dt>")
	if doc := decode(t, b.ask("user", "GET", "/api/integrations/acme/sync-log/t-2", "")); doc["tag"] != "membership-expired" || doc["applied"] != false || doc["cause"] != "renewed <early>" || doc["occurredAt"] != "2026-11-23T10:00:00Z" {
		t.Errorf("%v", doc)
	}
}

// A record says whose id it has: not every type is about a member.
func TestARecordSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	b := setup(t).connected()
	for entity, words := range map[string][]string{
		"contact": {"<dd>Contact</dd>", "<dt>Member id</dt>", "a change of the member or"}, "attendance": {"<dd>Event attendance</dd>", "<dt>Member id</dt>", "a change of the member or"},
		"association": {"<dd>Association</dd>", "<dt>Member id</dt>", "a change of the member or"}, "company": {"<dd>Company</dd>", "<dt>Id here</dt>", "a change of it here or"},
		"custom-event": {"<dd>Custom event</dd>", "<dt>Id here</dt>", "a change of it here or"}, "event": {"<dd>Event</dd>", "<dt>Id here</dt>", "a change of it here or"},
	} {
		b.vendor.records[tenantA] = append(b.vendor.records[tenantA],
			integration.SyncRecord{ID: "r-" + entity, EntityType: entity, MemberPulseEntityID: oursID, Status: integration.SyncFailed, CreatedAt: noon, UpdatedAt: noon})
		mustContain(t, b.page("user", "GET", "/acme/log/r-"+entity).Body.String(), words...)
	}
}
