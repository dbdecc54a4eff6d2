package journal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/hosttest"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
)

func TestActivitiesAreKeptAsTheyAreTold(t *testing.T) {
	t.Parallel()
	h := hosttest.New(t)
	m := h.Member(t, h.One, "")
	h.Recorded(t)
	j := journal.New(h.Recorder)
	at := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	write := func(all ...integration.Activity) error {
		return h.DB.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error { return j.Happened(ctx, tx, h.One, all...) })
	}
	first := integration.Activity{Type: integration.MembershipDowngradeScheduled, MemberID: m.ID, OccurredAt: at, Name: "Standard", From: "Professional",
		About: integration.Ref{Kind: integration.KindMembership, Key: h.One}, On: integration.Date{Year: 2026, Month: 6, Day: 30}}
	second := first
	second.Type, second.OccurredAt, second.On, second.From = integration.MembershipRenewed, at.Add(time.Hour), integration.Date{}, ""
	guest := second
	guest.MemberID = ""
	if err := write(first, second, guest); err != nil {
		t.Fatal(err)
	}
	told := h.Tells(t, "three", []integration.ActivityType{first.Type, second.Type, guest.Type})
	kept, err := journal.OfMember(t.Context(), h.DB, h.One, m.ID, 10)
	if err != nil || len(kept) != 2 {
		t.Fatalf("%+v, %v", kept, err)
	}
	for i, a := range kept { // newest first
		if want := told[1-i]; !a.OccurredAt.Equal(want.OccurredAt) || a.ID != want.ID || a.On != want.On || a.From != want.From || a.About != want.About {
			t.Errorf("kept %+v, told %+v", a, want)
		}
	}
	if one, err := journal.OfMember(t.Context(), h.DB, h.One, m.ID, 1); err != nil || len(one) != 1 {
		t.Errorf("%d, %v", len(one), err)
	}
	if foreign, err := journal.OfMember(t.Context(), h.DB, h.Two, m.ID, 10); err != nil || len(foreign) != 0 {
		t.Errorf("%d, %v", len(foreign), err)
	}
	h.Recorder.Refuse(true)
	if err := write(first); !errors.Is(err, hosttest.ErrRecorder) {
		t.Errorf("%v", err)
	}
	if kept, err = journal.OfMember(t.Context(), h.DB, h.One, m.ID, 10); err != nil || len(kept) != 2 {
		t.Errorf("what was not told was kept: %d, %v", len(kept), err)
	}
}

type sizes []int

func (s *sizes) Record(_ context.Context, _ bun.Tx, changes ...integration.Change) error {
	*s = append(*s, len(changes))
	return nil
}

func TestManyChangesAreRecordedInChunks(t *testing.T) {
	t.Parallel()
	var got sizes
	if err := journal.New(&got).Record(t.Context(), bun.Tx{}, journal.Members("c", make([]string, 1200)...)...); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != 500 || got[1] != 500 || got[2] != 200 {
		t.Errorf("%v", got)
	}
}
