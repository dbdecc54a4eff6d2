package crmsync_test

import (
	"context"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The contact of a deleted member could not be told so: somebody must know.
func TestRefusedDeletionIsSaid(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1))
	b.settled(tenantA)
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/update", Status: 400,
		Body: `{"status":"error","category":"VALIDATION_ERROR","message":"no","errors":[{"code":"INVALID_OPTION","message":"no"}]}`})
	b.host.Delete(tenantA, memberID(1))
	b.record(integration.MemberChanged(tenantA, memberID(1)))
	b.eventually("the refusal", func() bool { return b.logOf(tenantA, memberID(1)).Status == integration.SyncFailed })
	st := b.status(tenantA)
	if len(st.Incidents) == 0 {
		t.Errorf("sentence %q, incidents %+v", st.Sentence, st.Incidents)
	}
	n, err := b.syncer.RetryAll(context.Background(), tenantA, "")
	must(t, err)
	if n != 1 {
		t.Errorf("retried %d", n)
	}
}
