package outbox_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/outbox"
)

func TestFloorTrailsBehindTheHighestIDSeen(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	f := outbox.NewFloor(10, 5*time.Second)
	f.See(20, start)
	f.Finish(20)
	if got := f.Advance(start.Add(4999 * time.Millisecond)); got != 10 {
		t.Errorf("floor %d before the trail has passed, a commit of id 15 would be missed", got)
	}
	if got := f.Advance(start.Add(5 * time.Second)); got != 20 {
		t.Errorf("floor %d after the trail has passed, want 20", got)
	}
}

func TestFloorStaysBelowUnfinished(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	f := outbox.NewFloor(0, time.Second)
	for id := int64(1); id <= 9; id++ {
		f.See(id, start)
	}
	f.Finish(1)
	f.Finish(2)
	f.Finish(9)
	if got := f.Advance(start.Add(time.Minute)); got != 2 {
		t.Errorf("floor %d, want 2: id 3 is unfinished", got)
	}
	for id := int64(3); id <= 8; id++ {
		f.Finish(id)
	}
	if got := f.Advance(start.Add(time.Minute)); got != 9 {
		t.Errorf("floor %d, want 9", got)
	}
}

func TestFloorNeverMovesBackButStoresLower(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	f := outbox.NewFloor(0, time.Second)
	f.See(100, start)
	f.Finish(100)
	f.Advance(start.Add(time.Minute))
	f.See(50, start.Add(time.Minute)) // a sweep found it
	if got := f.Advance(start.Add(time.Hour)); got != 100 {
		t.Errorf("floor moved to %d", got)
	}
	if got := f.Stored(); got != 49 {
		t.Errorf("stored floor %d would hide row 50 from discovery", got)
	}
}

func TestFloorUnderSteadyFlow(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_700_000_000, 0)
	f := outbox.NewFloor(0, 5*time.Second)
	now := start
	for id := int64(1); id <= 2000; id++ { // 100 ids a second for 20 s
		now = start.Add(time.Duration(id) * 10 * time.Millisecond)
		f.See(id, now)
		f.Finish(id)
		got := f.Advance(now)
		if limit := id - 500; limit > 0 && got > limit {
			t.Fatalf("floor %d at id %d: only ids up to %d were seen 5 s ago", got, id, limit)
		}
	}
	if got := f.Advance(now); got < 1400 {
		t.Errorf("floor %d trails far more than 5 s behind", got)
	}
}

func TestFloorReportsKnownRows(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	f := outbox.NewFloor(0, time.Second)
	if !f.See(5, now) || f.See(5, now) {
		t.Error("a row is new exactly once")
	}
}
