package crmsync_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// between does something once, just before the first statement with a text.
type between struct {
	text string
	do   func()
	done atomic.Bool
}

func (h *between) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if strings.Contains(e.Query, h.text) && h.done.CompareAndSwap(false, true) {
		h.do()
	}
	return ctx
}

func (h *between) AfterQuery(context.Context, *bun.QueryEvent) {}

// The run that a kind shall be added to ends in that moment: the kind has a run
// of its own then, and is not lost.
func TestAKindIsIncludedThoughTheRunHasJustEnded(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	active := func() (kinds []string) {
		t.Helper()
		must(t, db.NewRaw("select unnest(kinds) from hubspot_run where client_id = ? and finished_at is null", tenantA).Scan(t.Context(), &kinds))
		return kinds
	}
	include := func(db *bun.DB, kind string) {
		t.Helper()
		must(t, crmsync.Include(t.Context(), db, tenantA, kind, now))
	}
	include(db, "member")
	include(db, "segment")
	include(db, "segment") // it is queued already
	if got := active(); !slices.Equal(got, []string{"member", "segment"}) {
		t.Fatalf("the run walks over %v", got)
	}
	h := &between{text: "set kinds = kinds ||", do: func() {
		_, err := db.NewRaw("update hubspot_run set phase = 'done', finished_at = now() where client_id = ?", tenantA).Exec(context.Background())
		must(t, err)
	}}
	include(db.WithQueryHook(h), "organization")
	if got := active(); !h.done.Load() || !slices.Equal(got, []string{"organization"}) {
		t.Errorf("the run walks over %v", got)
	}
}

// Ended runs are remembered for a while, each tenant's for itself, and what is
// under way is never dropped.
func TestOldRunsAreDropped(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewDB(t)
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	include := func(tenant string, at time.Time) {
		t.Helper()
		must(t, crmsync.Include(t.Context(), db, tenant, "member", at))
	}
	include(tenantB, now.Add(-time.Hour)) // the oldest of all, and under way
	const begun = crmsync.RunsKept + 15
	for i := range begun {
		_, err := db.NewRaw("update hubspot_run set phase = 'done', finished_at = now() where client_id = ?", tenantA).Exec(t.Context())
		must(t, err)
		include(tenantA, now.Add(time.Duration(i)*time.Minute))
	}
	var left []time.Time
	must(t, db.NewRaw("select started_at from hubspot_run where client_id = ? order by started_at", tenantA).Scan(t.Context(), &left))
	// The one under way comes on top of those that have ended.
	if want := now.Add((begun - 1 - crmsync.RunsKept) * time.Minute); len(left) != crmsync.RunsKept+1 || !left[0].Equal(want) {
		t.Errorf("%d runs are left, from %v on, want %v", len(left), left[0], want)
	}
	if n, err := db.NewSelect().TableExpr("hubspot_run").Where("client_id = ?", tenantB).Count(t.Context()); err != nil || n != 1 {
		t.Errorf("%d runs of another tenant (%v)", n, err)
	}
}
