package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

var (
	at  = ledger.Place{ClientID: "aaaaaaaa-0000-4000-8000-000000000001", PortalID: 1}
	now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
)

func key(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func inTx(t *testing.T, db *bun.DB, do func(context.Context, bun.Tx) error) {
	t.Helper()
	if err := db.RunInTx(t.Context(), nil, do); err != nil {
		t.Fatal(err)
	}
}

// A record that is tried for weeks remembers its newest attempts, and takes
// none from another one.
func TestOldAttemptsAreDropped(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	records := ledger.NewRecords(db, "public")
	save := func(n int, code verdict.Code, when time.Time) {
		inTx(t, db, func(ctx context.Context, tx bun.Tx) error {
			return records.Save(ctx, tx, at, []ledger.Entry{{Entity: "contact", Key: key(n), Record: ledger.Record{Status: integration.SyncPending, Code: code}}}, when)
		})
	}
	save(2, verdict.Outage, now)
	for i := range ledger.AttemptsKept + 20 {
		save(1, verdict.Outage, now.Add(time.Duration(i)*time.Minute))
	}
	var kept []time.Time
	err := db.NewRaw(`select a.at from hubspot_sync_attempt a join hubspot_sync_record r on r.id = a.record_id where r.entity_id = ? order by a.at`, key(1)).Scan(t.Context(), &kept)
	if err != nil || len(kept) != ledger.AttemptsKept || !kept[0].Equal(now.Add(20*time.Minute)) {
		t.Errorf("%d attempts are kept, from %v on (%v)", len(kept), kept[0], err)
	}
	if n, err := db.NewSelect().TableExpr("hubspot_sync_attempt").Count(t.Context()); err != nil || n != ledger.AttemptsKept+1 {
		t.Errorf("%d attempts in all (%v)", n, err)
	}
}

// Who is gone, and who stands behind whose record.
func TestWhoIsGoneAndWhoStandsBehind(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	records := ledger.NewRecords(db, "public")
	failed := func(n int, code verdict.Code, other string) ledger.Entry {
		return ledger.Entry{Entity: "contact", Key: key(n), Record: ledger.Record{Status: integration.SyncFailed, Code: code, OtherID: other}}
	}
	inTx(t, db, func(ctx context.Context, tx bun.Tx) error {
		return records.Save(ctx, tx, at, []ledger.Entry{
			{Entity: "contact", Key: key(1), HubSpotID: "11", Record: ledger.Record{Status: integration.SyncSynced, Code: verdict.MemberDeleted, Gone: true}},
			{Entity: "contact", Key: key(2), HubSpotID: "12", Record: ledger.Record{Status: integration.SyncSynced}},
			failed(3, verdict.Collision, "11"), failed(4, verdict.Merged, "11"), failed(5, verdict.Collision, "12"), failed(6, verdict.Refused, "11"),
		}, now)
	})
	gone, err := records.Gone(t.Context(), at, "contact", []string{key(1), key(2), key(9)})
	if err != nil || len(gone) != 1 || !gone[key(1)] {
		t.Errorf("gone are %v (%v)", gone, err)
	}
	inTx(t, db, func(ctx context.Context, tx bun.Tx) error {
		behind, err := records.StandBehind(ctx, tx, at, "contact", []string{"11"})
		if !slices.Equal(behind, []string{key(3), key(4)}) {
			t.Errorf("behind stand %v", behind)
		}
		return err
	})
}
