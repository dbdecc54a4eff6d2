package members_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

type queries struct{ n int }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.n++
	return ctx
}
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent) {}

func TestSourceLoad(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, gone, foreign := b.add(t, b.one, "a@example.org"), b.add(t, b.one, ""), b.add(t, b.two, "")
	end := "2031-02-28"
	if _, err := b.mod.SetMembership(t.Context(), b.one, here.ID, members.MembershipPatch{Plan: "Standard", Status: "active", EndDate: &end}); err != nil {
		t.Fatal(err)
	}
	if err := b.mod.Delete(t.Context(), b.one, gone.ID); err != nil {
		t.Fatal(err)
	}
	count := &queries{}
	src := members.NewSource(b.db.WithQueryHook(count))
	refs := []integration.Ref{
		{Kind: integration.KindMember, Key: here.ID},
		{Kind: integration.KindMember, Key: gone.ID},
		{Kind: integration.KindMember, Key: foreign.ID},
		{Kind: integration.KindMember, Key: uuid.NewString()},
		{Kind: integration.KindMember, Key: "not-a-uuid"},
		{Kind: integration.KindOrganization, Key: uuid.NewString()},
		{Kind: integration.KindMember, Key: here.ID},
	}
	got, err := src.Load(t.Context(), b.one, refs)
	if err != nil {
		t.Fatal(err)
	}
	if count.n != 2 {
		t.Errorf("%d queries, want 2", count.n)
	}
	if len(got) != len(refs) {
		t.Fatalf("%d answers to %d refs", len(got), len(refs))
	}
	for i, want := range []string{"found", "gone", "gone", "gone", "gone", "error", "found"} {
		l := got[i]
		state := map[bool]string{true: "found"}[l.Entity != nil] + map[bool]string{true: "gone"}[l.Gone] + map[bool]string{true: "error"}[l.Err != nil]
		if state != want || l.Ref != refs[i] {
			t.Errorf("ref %d: %q of %v, want %q", i, state, l.Ref, want)
		}
	}
	m := got[0].Entity.(integration.Member)
	if err := m.Validate(); err != nil {
		t.Error(err)
	}
	if len(m.Memberships) != 1 || m.Memberships[0].PlanName != "Standard" || m.Memberships[0].EndDate.String() != end {
		t.Errorf("memberships: %+v", m.Memberships)
	}
	if all, err := src.Load(t.Context(), "not-a-uuid", refs[:1]); err != nil || !all[0].Gone {
		t.Errorf("a malformed client: %+v, %v", all, err)
	}
}

func TestSourceKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var want []string
	for i := range 7 {
		want = append(want, b.add(t, b.one, fmt.Sprintf("m%d@example.org", i)).ID)
	}
	slices.Sort(want)
	b.add(t, b.two, "")
	if err := b.mod.Delete(t.Context(), b.one, want[3]); err != nil {
		t.Fatal(err)
	}
	want = slices.Delete(want, 3, 4)
	src := members.NewSource(b.db)
	var got []string
	for after := ""; ; {
		keys, err := src.Keys(t.Context(), b.one, integration.KindMember, after, 4)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, keys...)
		if len(keys) < 4 {
			break
		}
		after = keys[len(keys)-1]
	}
	if !slices.Equal(got, want) {
		t.Errorf("a walk finds %v, want %v", got, want)
	}
	if n, err := src.Count(t.Context(), b.one, integration.KindMember); err != nil || n != len(want) {
		t.Errorf("Count: %d, %v; a walk finds %d", n, err, len(want))
	}
	for _, kind := range []integration.Kind{integration.KindOrganization, integration.KindTicket} {
		keys, err := src.Keys(t.Context(), b.one, kind, "", 10)
		if err != nil || len(keys) != 0 {
			t.Errorf("%s: %v, %v", kind, keys, err)
		}
	}
	if _, err := src.Keys(t.Context(), b.one, integration.KindMember, "x", 10); err == nil {
		t.Error("a malformed place to go on from was taken for the start")
	}
}
