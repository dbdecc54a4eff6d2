package crmsync_test

import (
	"context"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

// fill gives a tenant n synced members, one in a thousand of them refused.
func fill(b *bundle, n int) {
	b.t.Helper()
	for _, q := range []string{
		`insert into hubspot_identity_link (client_id, portal_id, kind, key, hubspot_id, created_here, fingerprint, linked_at)
			select ?0, ?1, 'member', ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, (5000000 + i)::text, true, '\x00'::bytea, now()
			from generate_series(?2 + 1, ?2 + ?3) i`,
		`insert into hubspot_sync_record (client_id, entity_type, entity_id, crm_entity_id, portal_id, sync_status, code, properties, idempotency_key, last_sync_at, created_at, updated_at)
			select ?0, 'contact', ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, (5000000 + i)::text, ?1,
				case when i % 1000 = 0 then 'failed' when i % 100 = 0 then 'excluded' else 'synced' end,
				case when i % 1000 = 0 then 'INVALID_EMAIL' when i % 100 = 0 then 'no-email' else '' end,
				case when i % 1000 = 0 then '{email}'::text[] else '{}' end, ?1 || ':contact:' || i,
				now() - i * interval '1 millisecond', now(), now() - i * interval '1 millisecond' from generate_series(?2 + 1, ?2 + ?3) i`,
	} {
		for from := 0; from < n; from += 50_000 {
			if _, err := b.db.NewRaw(q, tenantA, portalA, from, min(50_000, n-from)).Exec(context.Background()); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

// A search by id reads a few rows however long the log is.
func TestSearchInALongLog(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	const n = 100_000
	fill(b, n)
	_, err := b.db.Exec("analyze")
	must(t, err)
	ctx := context.Background()
	by := map[string]string{"member": memberID(77), "in capitals": strings.ToUpper(memberID(77)), "contact": "5000077"}
	by["record"] = b.logOf(tenantA, memberID(77)).ID
	for name, id := range by {
		page, err := b.syncer.SyncLog(ctx, tenantA, integration.SyncQuery{Search: id})
		must(t, err)
		if page.Total != 1 || len(page.Records) != 1 || page.Records[0].MemberPulseEntityID != memberID(77) {
			t.Errorf("%s: page = %+v", name, page)
		}
		plan, err := crmsync.ExplainSearch(ctx, b.db, tenantA, portalA, id)
		must(t, err)
		if strings.Contains(plan, "Seq Scan on hubspot_sync_record") || strings.Contains(plan, "Seq Scan on hubspot_identity_link") {
			t.Errorf("%s: the log is read from end to end:\n%s", name, plan)
		}
	}
	page, err := b.syncer.SyncLog(ctx, tenantA, integration.SyncQuery{Search: "nonsense' or true"})
	must(t, err)
	if page.Total != 0 {
		t.Errorf("nonsense found %d", page.Total)
	}
}
