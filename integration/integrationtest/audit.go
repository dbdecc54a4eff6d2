package integrationtest

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// AuditHarness is one AuditLog under test, empty at first.
type AuditHarness struct {
	Log integration.AuditLog
	// Begin starts a transaction of the kind that Log writes in. Nil says that
	// the log ignores transactions; the rule about rolling back does not apply.
	Begin func(ctx context.Context) (*sql.Tx, error)
	// Records returns all records of one tenant for one integration, in the
	// order in which they were appended.
	Records func(ctx context.Context, clientID string, id integration.ID) ([]integration.AuditRecord, error)
}

// TestAuditLog holds an AuditLog to its contract, one subtest for each rule.
// newLog makes a new, empty log for each of them; they run in parallel.
func TestAuditLog(t *testing.T, newLog func(t *testing.T) AuditHarness) {
	hold(t, auditRules(), newLog)
}

func auditRules() []rule[AuditHarness] {
	return []rule[AuditHarness]{
		{"a record is kept whole", auditWhole},
		{"records are added, never merged", auditAdds},
		{"strange text does not fail a request", auditStrangeText},
		{"tenants and integrations are apart", auditIsolation},
		{"a rollback leaves no record", auditRollback},
		{"many may append at once", auditConcurrent},
	}
}

func (h AuditHarness) mustAppend(t testing.TB, r integration.AuditRecord) {
	t.Helper()
	err := beginFunc(h.Begin).within(t, func(tx *sql.Tx) error { return h.Log.Append(t.Context(), tx, r) })
	if err != nil {
		t.Fatalf("append %q: %v", r.Action, err)
	}
}

func (h AuditHarness) mustRead(t testing.TB, clientID string, id integration.ID) []integration.AuditRecord {
	t.Helper()
	records, err := h.Records(t.Context(), clientID, id)
	if err != nil {
		t.Fatalf("read records: %v", err)
	}
	return records
}

func auditSample(clientID string, id integration.ID, action string) integration.AuditRecord {
	return integration.AuditRecord{
		ClientID: clientID, Integration: id, Action: action,
		ActorID: "user-1", ImpersonatorID: "platform-7", IPAddress: "2001:db8::7", UserAgent: "Mozilla/5.0 (X11)",
		Changes: map[string]integration.AuditChange{
			"portalId":    {Old: "12345678", New: "87654321"},
			"accessToken": {Old: "fingerprint 0a1b2c3d4e5f", New: "fingerprint 5f4e3d2c1b0a"},
		},
		At: time.Date(2026, 9, 8, 7, 6, 5, 123456000, time.UTC),
	}
}

func wantRecord(t testing.TB, got, want integration.AuditRecord) {
	t.Helper()
	if !got.At.Equal(want.At) {
		t.Errorf("record %q: at %v, want %v", want.Action, got.At, want.At)
	}
	if !maps.Equal(got.Changes, want.Changes) {
		t.Errorf("record %q: changes %v, want %v", want.Action, got.Changes, want.Changes)
	}
	flat := func(r integration.AuditRecord) string {
		return fmt.Sprintf("%q", []string{r.ClientID, string(r.Integration), r.Action, r.ActorID, r.ImpersonatorID, r.IPAddress, r.UserAgent})
	}
	if flat(got) != flat(want) {
		t.Errorf("record %q: %s, want %s", want.Action, flat(got), flat(want))
	}
}

func auditWhole(t testing.TB, h AuditHarness) {
	full := auditSample(tenantA, pluginA, "update")
	bare := integration.AuditRecord{ClientID: tenantA, Integration: pluginA, Action: "test", ActorID: "user-2", At: full.At}
	h.mustAppend(t, full)
	h.mustAppend(t, bare)
	got := h.mustRead(t, tenantA, pluginA)
	if len(got) != 2 {
		t.Fatalf("%d records, want 2", len(got))
	}
	wantRecord(t, got[0], full)
	wantRecord(t, got[1], bare)
}

func auditAdds(t testing.TB, h AuditHarness) {
	for range 3 {
		h.mustAppend(t, auditSample(tenantA, pluginA, "retry"))
	}
	h.mustAppend(t, auditSample(tenantA, pluginA, "pause"))
	var actions []string
	for _, r := range h.mustRead(t, tenantA, pluginA) {
		actions = append(actions, r.Action)
	}
	if want := []string{"retry", "retry", "retry", "pause"}; !slices.Equal(actions, want) {
		t.Errorf("actions %v, want %v", actions, want)
	}
}

// A log may shorten or clean a text that a browser or a proxy sent. It may not
// refuse the record, for then the change that it reports would fail.
func auditStrangeText(t testing.TB, h AuditHarness) {
	r := auditSample(tenantA, pluginA, "connect")
	r.UserAgent = "a\x00b\xff\xfe'?" + strings.Repeat("é", 100_000)
	r.IPAddress = "not an address"
	r.Changes = map[string]integration.AuditChange{"name": {Old: "\x00", New: "\xff'; drop table x; -- ?"}}
	h.mustAppend(t, r)
	got := h.mustRead(t, tenantA, pluginA)
	if len(got) != 1 || got[0].Action != "connect" || got[0].ActorID != "user-1" {
		t.Errorf("%d records; want one with its action and actor", len(got))
	}
}

func auditIsolation(t testing.TB, h AuditHarness) {
	for _, tenant := range []string{tenantA, tenantB} {
		for _, id := range []integration.ID{pluginA, pluginB} {
			h.mustAppend(t, auditSample(tenant, id, "sync"))
		}
	}
	for _, tenant := range []string{tenantA, tenantB} {
		for _, id := range []integration.ID{pluginA, pluginB} {
			got := h.mustRead(t, tenant, id)
			if len(got) != 1 {
				t.Errorf("%s/%s: %d records, want its own one", tenant, id, len(got))
				continue
			}
			wantRecord(t, got[0], auditSample(tenant, id, "sync"))
		}
	}
}

func auditRollback(t testing.TB, h AuditHarness) {
	if h.Begin == nil {
		return // the log has said that it ignores transactions
	}
	beginFunc(h.Begin).undone(t, func(tx *sql.Tx) error {
		return h.Log.Append(t.Context(), tx, auditSample(tenantA, pluginA, "connect"))
	}, nil)
	if got := h.mustRead(t, tenantA, pluginA); len(got) != 0 {
		t.Errorf("%d records of something that never happened", len(got))
	}
}

func auditConcurrent(t testing.TB, h AuditHarness) {
	const writers = 6
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			r := auditSample(tenantA, pluginA, fmt.Sprintf("retry-%d", i))
			if h.Begin == nil {
				errs[i] = h.Log.Append(t.Context(), nil, r)
				return
			}
			tx, err := h.Begin(t.Context())
			if err != nil {
				errs[i] = err
				return
			}
			if errs[i] = h.Log.Append(t.Context(), tx, r); errs[i] != nil {
				_ = tx.Rollback()
				return
			}
			errs[i] = tx.Commit()
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Errorf("append: %v", err)
		}
	}
	seen := map[string]bool{}
	for _, r := range h.mustRead(t, tenantA, pluginA) {
		seen[r.Action] = true
	}
	if len(seen) != writers {
		t.Errorf("%d of %d records are there", len(seen), writers)
	}
}
