package crmsync_test

import (
	"context"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Batches that can never be settled leave no sync record behind. The page must
// not say that all is well.
func TestBatchesThatCannotBeSettledAreSaid(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	_, err := b.db.NewRaw("alter table hubspot_sync_record rename to hubspot_sync_record_away").Exec(t.Context())
	must(t, err)
	b.save(tenantA, member(1))
	// The outbox gives up after five attempts; their times are moved up.
	b.eventually("the outbox holds it", func() bool {
		_, err := b.db.NewRaw("update hubspot_outbox_aside set due_at = now() where due_at > now() and due_at < 'infinity'").Exec(context.Background())
		must(t, err)
		backlog, err := b.box.Backlog(context.Background(), tenantA)
		must(t, err)
		return backlog.Held == 1
	})
	_, err = b.db.NewRaw("alter table hubspot_sync_record_away rename to hubspot_sync_record").Exec(t.Context())
	must(t, err)
	st := b.status(tenantA)
	if len(st.Incidents) != 1 || st.Incidents[0].Code != "stuck" || st.Incidents[0].Action != "retry" || st.Health == integration.HealthOK {
		t.Errorf("health %s, incidents %+v", st.Health, st.Incidents)
	}
	if n, err := b.syncer.RetryAll(t.Context(), tenantB, "stuck"); n != 0 || err != nil {
		t.Errorf("another tenant retried %d, %v", n, err)
	}
	n, err := b.syncer.RetryAll(t.Context(), tenantA, "stuck")
	must(t, err)
	if n != 1 {
		t.Errorf("retried %d", n)
	}
	b.eventually("the member", func() bool { return b.status(tenantA).Members.InSync == 1 })
	if st := b.settled(tenantA); len(st.Incidents) != 0 {
		t.Errorf("incidents after the retry: %+v", st.Incidents)
	}
}
