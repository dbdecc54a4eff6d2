package outbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

var noon = time.Unix(1_700_000_000, 0)

func TestRowsOfAKeyAreOneDelivery(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneBackfill, 3, "member", "m1", "m1", noon.Add(-time.Hour))
	w.Add(outbox.LaneLive, 9, "member", "m1", "m1", noon)
	w.Add(outbox.LaneLive, 7, "member", "m1", "m1", noon)
	w.Add(outbox.LaneLive, 8, "member", "m2", "m2", noon)
	got, _, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if len(got) != 2 || got[0].Key != "m1" || got[1].Key != "m2" {
		t.Fatalf("deliveries %+v", got)
	}
	d := got[0]
	if !slices.Equal(d.Rows(outbox.LaneLive), []int64{7, 9}) || !slices.Equal(d.Rows(outbox.LaneBackfill), []int64{3}) {
		t.Errorf("rows %v and %v", d.Rows(outbox.LaneLive), d.Rows(outbox.LaneBackfill))
	}
	if d.Lane != outbox.LaneLive {
		t.Errorf("lane %d, the most urgent of its rows is 1", d.Lane)
	}
	if !d.RecordedAt.Equal(noon.Add(-time.Hour)) {
		t.Errorf("recorded at %s, the oldest row counts", d.RecordedAt)
	}
}

func TestFactsDoNotCoalesce(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	for i, key := range []string{"a1", "a2", "a3"} {
		w.Add(outbox.LaneLive, int64(i+1), "activity", key, "m1", noon)
	}
	got, _, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if len(got) != 3 {
		t.Fatalf("%d deliveries of 3 facts", len(got))
	}
}

func TestAsideJoinsTheRowsOfItsKey(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneLive, 7, "member", "m1", "m1", noon)
	w.AddAside("member", "m1", "m1", "conflict", 2, noon.Add(-time.Minute))
	got, _, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if len(got) != 1 || got[0].Attempt != 2 || len(got[0].Rows(outbox.LaneLive)) != 1 {
		t.Fatalf("%+v", got)
	}
}
