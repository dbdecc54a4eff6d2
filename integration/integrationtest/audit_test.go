package integrationtest_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// memoryLog is a correct audit log without transactions, but for its defects.
type memoryLog struct {
	auditDefects
	mu      sync.Mutex
	records []integration.AuditRecord
}

type auditDefects struct {
	losesChanges      bool
	losesImpersonator bool
	ownClock          bool
	lastOnly          bool // one record for each tenant and action
	strictText        bool
	oneTenant         bool
	refusesCompany    bool // fails while another appends
	newestFirst       bool
	writer            sync.Mutex
}

func (m *memoryLog) Append(_ context.Context, _ *sql.Tx, r integration.AuditRecord) error {
	if m.refusesCompany {
		if !m.writer.TryLock() {
			return errors.New("busy")
		}
		defer m.writer.Unlock()
		<-time.After(20 * time.Millisecond)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.strictText && (!utf8.ValidString(r.UserAgent) || strings.Contains(r.UserAgent, "\x00")) {
		return errors.New("invalid byte sequence")
	}
	if m.losesChanges {
		r.Changes = nil
	}
	if m.losesImpersonator {
		r.ImpersonatorID = ""
	}
	if m.ownClock {
		r.At = time.Now()
	}
	if m.lastOnly {
		m.records = slices.DeleteFunc(m.records, func(old integration.AuditRecord) bool {
			return old.ClientID == r.ClientID && old.Integration == r.Integration && old.Action == r.Action
		})
	}
	m.records = append(m.records, r)
	return nil
}

func (m *memoryLog) of(_ context.Context, clientID string, id integration.ID) (found []integration.AuditRecord, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.records {
		if m.oneTenant || r.ClientID == clientID && r.Integration == id {
			found = append(found, r)
		}
	}
	if m.newestFirst {
		slices.Reverse(found)
	}
	return found, nil
}

func (m *memoryLog) harness() integrationtest.AuditHarness {
	return integrationtest.AuditHarness{Log: m, Records: m.of}
}

func TestAuditSuiteAcceptsACorrectLog(t *testing.T) {
	t.Parallel()
	integrationtest.TestAuditLog(t, func(*testing.T) integrationtest.AuditHarness { return new(memoryLog).harness() })
}

func TestAuditSuiteCatches(t *testing.T) {
	t.Parallel()
	const whole, adds = "a record is kept whole", "records are added, never merged"
	for defect, tc := range map[string]struct {
		set  func(*memoryLog)
		rule string
	}{
		"changes are lost":           {func(m *memoryLog) { m.losesChanges = true }, whole},
		"the impersonator is lost":   {func(m *memoryLog) { m.losesImpersonator = true }, whole},
		"a time of its own":          {func(m *memoryLog) { m.ownClock = true }, whole},
		"records replace each other": {func(m *memoryLog) { m.lastOnly = true }, adds},
		"the order is lost":          {func(m *memoryLog) { m.newestFirst = true }, adds},
		"strange text is refused":    {func(m *memoryLog) { m.strictText = true }, "strange text does not fail a request"},
		"one log for all":            {func(m *memoryLog) { m.oneTenant = true }, "tenants and integrations are apart"},
		"one writer at a time":       {func(m *memoryLog) { m.refusesCompany = true }, "many may append at once"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.AuditRules(), func() integrationtest.AuditHarness {
				m := new(memoryLog)
				tc.set(m)
				return m.harness()
			}), tc.rule)
		})
	}
}

// detachedLog writes in a transaction of its own.
type detachedLog struct {
	integration.AuditLog
	begin func(ctx context.Context) (*sql.Tx, error)
}

func (d detachedLog) Append(ctx context.Context, _ *sql.Tx, r integration.AuditRecord) error {
	tx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	if err := d.AuditLog.Append(ctx, tx, r); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func TestAuditSuiteCatchesAnIgnoredTransaction(t *testing.T) {
	t.Parallel()
	got := broken(t, integrationtest.AuditRules(), func() integrationtest.AuditHarness {
		db := migrationstest.NewDB(t)
		begin := func(ctx context.Context) (*sql.Tx, error) { return db.DB.BeginTx(ctx, nil) }
		log := pgstore.NewAudit(db, pgstore.Options{})
		return integrationtest.AuditHarness{
			Log: detachedLog{log, begin}, Begin: begin,
			Records: func(ctx context.Context, clientID string, id integration.ID) ([]integration.AuditRecord, error) {
				records, err := log.Newest(ctx, clientID, id, 0)
				slices.Reverse(records)
				return records, err
			},
		}
	})
	if want := []string{"a rollback leaves no record"}; !slices.Equal(got, want) {
		t.Errorf("rules broken: %q, want %q", got, want)
	}
}
