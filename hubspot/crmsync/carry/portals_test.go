package carry_test

import (
	"slices"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
)

func TestBatchesThatFailTogetherAreOneFailure(t *testing.T) {
	t.Parallel()
	got := carry.Failures(0, 0, time.Second, 3*time.Second, 4*time.Second, 20*time.Second)
	if want := []int{1, 1, 1, 2, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("failures in a row = %v, want %v", got, want)
	}
}
