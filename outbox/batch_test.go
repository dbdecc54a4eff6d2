package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func keys(ds []outbox.Delivery) string {
	var s string
	for _, d := range ds {
		s += d.Key + " "
	}
	return s
}

func TestPickKeepsOrderPerSubject(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneLive, 1, "member", "m1", "m1", noon)
	w.Add(outbox.LaneLive, 2, "activity", "a1", "m1", noon)
	w.Add(outbox.LaneLive, 3, "activity", "a2", "m2", noon)
	w.Add(outbox.LaneLive, 4, "member", "m2", "m2", noon)
	w.Add(outbox.LaneLive, 5, "activity", "a3", "m2", noon)

	first, landFirst, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if keys(first) != "m1 " {
		t.Fatalf("first batch %q: m2 comes after a2 of the same subject", keys(first))
	}
	second, landSecond, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if keys(second) != "a2 " {
		t.Fatalf("second batch %q: a1's subject is in flight, a3 comes after m2", keys(second))
	}
	if third, _, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon); len(third) != 0 {
		t.Fatalf("third batch %q while both subjects are in flight", keys(third))
	}
	landFirst(true)
	landSecond(true)
	third, _, _ := w.Pick(outbox.LaneLive, 100, true, 0, noon)
	if keys(third) != "a1 " {
		t.Fatalf("third batch %q", keys(third))
	}
}

func TestPickExcludesSubjectsAcrossLanes(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneBackfill, 1, "activity", "a1", "m1", noon)
	w.Add(outbox.LaneUrgent, 2, "member", "m1", "m1", noon)
	_, land, _ := w.Pick(outbox.LaneBackfill, 100, true, 0, noon)
	if got, _, _ := w.Pick(outbox.LaneUrgent, 100, true, 0, noon); len(got) != 0 {
		t.Fatal("one subject in two calls")
	}
	land(false)
	if got, _, _ := w.Pick(outbox.LaneUrgent, 100, true, 0, noon); len(got) != 1 {
		t.Fatal("the subject is free again")
	}
}

func TestPickPrefersAFullBatch(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneLive, 1, "organization", "o1", "o1", noon)
	for i := range 12 {
		w.Add(outbox.LaneLive, int64(10+i), "member", fmt.Sprint(i), fmt.Sprint(i), noon)
	}
	full, _, _ := w.Pick(outbox.LaneLive, 10, true, time.Second, noon)
	if len(full) != 10 || full[0].Kind != "member" {
		t.Fatalf("%d of %s", len(full), full[0].Kind)
	}
	lone, _, _ := w.Pick(outbox.LaneLive, 10, true, time.Second, noon)
	if keys(lone) != "o1 " {
		t.Fatalf("a lone change goes out at once, got %q", keys(lone))
	}
}

func TestPickLingersOnlyBesideAnotherPartialBatch(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	w.Add(outbox.LaneLive, 1, "member", "m1", "m1", noon)
	got, _, again := w.Pick(outbox.LaneLive, 10, false, time.Second, noon)
	if len(got) != 0 || !again.Equal(noon.Add(time.Second)) {
		t.Fatalf("%d deliveries, again at %s", len(got), again)
	}
	if got, _, _ := w.Pick(outbox.LaneLive, 10, false, time.Second, noon.Add(time.Second)); len(got) != 1 {
		t.Fatal("a change waited longer than the linger")
	}
}

func TestPickSeparatesLabels(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	for i, label := range []string{"linked", "unlinked", "linked"} {
		key := fmt.Sprint("m", i)
		w.Add(outbox.LaneLive, int64(i+1), "member", key, key, noon)
		w.Label(key, label, noon)
	}
	got, _, _ := w.Pick(outbox.LaneLive, 10, true, 0, noon)
	if keys(got) != "m0 m2 " {
		t.Errorf("batch %q", keys(got))
	}
}

func TestPickIsolatesSuspects(t *testing.T) {
	t.Parallel()
	w := outbox.NewWindow()
	for _, key := range []string{"m1", "m2"} {
		w.AddAside("member", key, key, outbox.ClassBug, 1, noon)
	}
	w.Add(outbox.LaneLive, 1, "member", "m3", "m3", noon)
	for range 3 {
		if got, _, _ := w.Pick(outbox.LaneLive, 10, true, 0, noon); len(got) != 1 {
			t.Fatalf("batch %q: what ended in a panic shares no batch", keys(got))
		}
	}
}

// A later kind of a subject has no batch of its own to wait for while the
// subject's earlier kind lingers.
func TestPickSkipsAKindThatWaitsForItsSubject(t *testing.T) {
	t.Parallel()
	w, now := outbox.NewWindow(), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	w.Add(outbox.LaneLive, 1, "member", "m1", "m1", now)
	w.Add(outbox.LaneLive, 2, "association", "m1", "m1", now)
	got, land, again := w.Pick(outbox.LaneLive, 10, false, time.Second, now)
	if len(got) != 0 || !again.Equal(now.Add(time.Second)) {
		t.Fatalf("picked %v, again at %v", got, again)
	}
	land(false)
	for i, want := range []string{"member", "association"} {
		got, land, _ := w.Pick(outbox.LaneLive, 10, true, time.Second, now)
		if len(got) != 1 || got[0].Kind != want {
			t.Fatalf("batch %d: %v", i, got)
		}
		land(true)
	}
}
