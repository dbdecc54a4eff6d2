package tagging_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/tagging"
)

const (
	tenant = "0d9e8c5e-5c0b-4b0e-9a33-0e7e8a5f4c01"
	other  = "0d9e8c5e-5c0b-4b0e-9a33-0e7e8a5f4c02"
	ada    = "7b1f0a52-93c5-4a2f-8f0e-2d6f6f1c0a01"
	bob    = "7b1f0a52-93c5-4a2f-8f0e-2d6f6f1c0a02"
)

type bundle struct {
	t     *testing.T
	db    *bun.DB
	store *tagging.ByHand
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := migrationstest.NewDB(t)
	return &bundle{t, db, tagging.NewByHand(db, "public")}
}

// inTx runs do in a transaction and commits it if do succeeds.
func (b *bundle) inTx(do func(tx *sql.Tx) error) error {
	tx, err := b.db.DB.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (b *bundle) set(clientID, memberID string, h tagging.Hand) {
	b.t.Helper()
	if err := b.inTx(func(tx *sql.Tx) error { return b.store.Set(b.t.Context(), tx, clientID, memberID, h) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) load(clientID string, memberIDs ...string) map[string][]tagging.Hand {
	b.t.Helper()
	got, err := b.store.Load(b.t.Context(), nil, clientID, memberIDs)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func TestSetAndLoad(t *testing.T) {
	t.Parallel()
	b := setup(t)
	h := tagging.Hand{Tag: tagging.EventAttended, Applied: true, Cause: "came late, “seen” by Zoë 👋", By: "user-1", OccurredAt: at(5).Add(1234567 * time.Nanosecond)}
	b.set(tenant, ada, h)
	b.set(tenant, ada, remove(tagging.CourseEnrolled, 6))
	b.set(other, ada, apply(tagging.EventNoShow, 7))
	b.set(tenant, bob, apply(tagging.EventNoShow, 8))
	h.OccurredAt = at(5).Add(1234 * time.Microsecond) // as PostgreSQL keeps it
	want := []tagging.Hand{remove(tagging.CourseEnrolled, 6), h}
	if got := b.load(tenant, ada); len(got) != 1 || !slices.Equal(got[ada], want) {
		t.Errorf("loaded %+v, want %+v", got, want)
	}
	if got := b.load(tenant, ada, bob, other); len(got) != 2 || len(got[ada]) != 2 || len(got[bob]) != 1 {
		t.Errorf("two members: %+v", got)
	}
	if got := b.load(other, bob); len(got) != 0 {
		t.Errorf("another tenant's: %+v", got)
	}
	if got := b.load(tenant); len(got) != 0 {
		t.Errorf("of nobody: %+v", got)
	}
}

func TestTheNewestWordStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rng := rand.New(rand.NewPCG(3, 4))
	words := []tagging.Hand{apply(tagging.EventAttended, 1), remove(tagging.EventAttended, 2), apply(tagging.EventAttended, 3),
		apply(tagging.EventAttended, 5), remove(tagging.EventAttended, 5), apply(tagging.EventAttended, 4)}
	for round := range 20 {
		member := fmt.Sprintf("7b1f0a52-93c5-4a2f-8f0e-%012d", round)
		for _, w := range disordered(rng, words) {
			b.set(tenant, member, w)
		}
		if got := b.load(tenant, member)[member]; len(got) != 1 || got[0] != remove(tagging.EventAttended, 5) {
			t.Errorf("round %d: %+v", round, got)
		}
	}
}

func TestWritersAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	errs := make([]error, 30)
	for i := range errs {
		wg.Go(func() {
			errs[i] = b.inTx(func(tx *sql.Tx) error {
				return b.store.Set(context.Background(), tx, tenant, ada, apply(tagging.EventAttended, 1+(i*7)%len(errs)))
			})
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if got := b.load(tenant, ada)[ada]; len(got) != 1 || !got[0].OccurredAt.Equal(at(30)) {
		t.Errorf("after 30 writers: %+v", got)
	}
}

func TestSetBelongsToItsTransaction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tx, err := b.db.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.store.Set(t.Context(), tx, tenant, ada, apply(tagging.EventAttended, 1)); err != nil {
		t.Fatal(err)
	}
	inside, err := b.store.Load(t.Context(), tx, tenant, []string{ada})
	if err != nil || len(inside) != 1 {
		t.Errorf("inside of the transaction: %v, %v", inside, err)
	}
	if got := b.load(tenant, ada); len(got) != 0 {
		t.Errorf("seen before the commit: %v", got)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := b.load(tenant, ada); len(got) != 0 {
		t.Errorf("seen after the rollback: %v", got)
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	word := func(do func(*tagging.Hand)) tagging.Hand {
		h := apply(tagging.EventAttended, 1)
		do(&h)
		return h
	}
	for _, c := range []struct {
		name   string
		h      tagging.Hand
		fields []string
	}{
		{"the longest cause", word(func(h *tagging.Hand) { h.Cause = strings.Repeat("ä", tagging.MaxCause) }), nil},
		{"no cause", word(func(h *tagging.Hand) { h.Cause, h.By = "", "" }), nil},
		{"a tag of their own", word(func(h *tagging.Hand) { h.Tag = "vip" }), []string{"tag"}},
		{"no tag", word(func(h *tagging.Hand) { h.Tag = "" }), []string{"tag"}},
		{"a long cause", word(func(h *tagging.Hand) { h.Cause = strings.Repeat("ä", tagging.MaxCause+1) }), []string{"cause"}},
		{"a line break", word(func(h *tagging.Hand) { h.Cause = "a\nb" }), []string{"cause"}},
		{"a zero byte", word(func(h *tagging.Hand) { h.Cause = "a\x00b" }), []string{"cause"}},
		{"no UTF-8", word(func(h *tagging.Hand) { h.Cause = "a\xffb" }), []string{"cause"}},
		{"a C1 control", word(func(h *tagging.Hand) { h.Cause = "a\u0085b" }), []string{"cause"}},
		{"everything", word(func(h *tagging.Hand) { h.Tag, h.Cause, h.By = "x", "\x1b[1m", "\r" }), []string{"by", "cause", "tag"}},
	} {
		err := b.inTx(func(tx *sql.Tx) error { return b.store.Set(t.Context(), tx, tenant, bob, c.h) })
		var told *integration.Error
		if c.fields == nil {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !errors.As(err, &told) || told.Kind != integration.Invalid || !slices.Equal(slices.Sorted(maps.Keys(told.Fields)), c.fields) {
			t.Errorf("%s: %v, want field errors of %v", c.name, err, c.fields)
		}
		if err != nil && c.h.Cause != "" && strings.Contains(err.Error(), c.h.Cause) {
			t.Errorf("%s: the error repeats the cause", c.name)
		}
	}
	for name, err := range map[string]error{
		"no transaction": b.store.Set(t.Context(), nil, tenant, ada, apply(tagging.EventAttended, 1)),
		"no client": b.inTx(func(tx *sql.Tx) error {
			return b.store.Set(t.Context(), tx, "acme", ada, apply(tagging.EventAttended, 1))
		}),
		"another spelling": b.inTx(func(tx *sql.Tx) error {
			return b.store.Set(t.Context(), tx, tenant, strings.ToUpper(ada), apply(tagging.EventAttended, 1))
		}),
		"no time": b.inTx(func(tx *sql.Tx) error {
			return b.store.Set(t.Context(), tx, tenant, ada, apply(tagging.EventAttended, 0))
		}),
		"forget without a transaction": b.store.Forget(t.Context(), nil, tenant, []string{ada}),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "tagging: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.load(tenant, ada); len(got) != 0 {
		t.Errorf("a refused word is there: %v", got)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tag := range tagging.Catalog() {
		b.set(tenant, ada, apply(tag.Slug, 1))
	}
	b.set(tenant, bob, apply(tagging.EventAttended, 1))
	b.set(other, ada, apply(tagging.EventAttended, 1))
	forget := func(ids ...string) error {
		return b.inTx(func(tx *sql.Tx) error { return b.store.Forget(t.Context(), tx, tenant, ids) })
	}
	if err := errors.Join(forget(), forget(ada), forget(ada)); err != nil {
		t.Fatal(err)
	}
	if got := b.load(tenant, ada, bob); len(got) != 1 || len(got[bob]) != 1 {
		t.Errorf("left: %+v", got)
	}
	if got := b.load(other, ada); len(got[ada]) != 1 {
		t.Errorf("of the other tenant: %+v", got)
	}
}

// A replica of this release meets a tag of the next.
func TestLoadLeavesOutWhatTheCatalogLacks(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	if err := migrations.Migrate(t.Context(), db, migrations.Options{Schema: "Crm"}); err != nil {
		t.Fatal(err)
	}
	b := &bundle{t, db, tagging.NewByHand(db, "Crm")}
	b.set(tenant, ada, apply(tagging.EventAttended, 1))
	_, err := db.ExecContext(t.Context(), `insert into "Crm".hubspot_tag_hand select client_id, member_id, 'event-late', applied, cause, by_user, occurred_at from "Crm".hubspot_tag_hand`)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.load(tenant, ada)[ada]; len(got) != 1 || got[0].Tag != tagging.EventAttended {
		t.Errorf("loaded %+v", got)
	}
}
