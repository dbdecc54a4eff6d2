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
