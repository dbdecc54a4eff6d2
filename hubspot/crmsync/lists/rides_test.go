package lists_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
)

func TestMove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		sent     bool
		held, in string
		ours     bool
		want     string
	}{
		{"new tag", true, "", "", false, "enter"},
		{"in by us", true, "", "7", true, "stay"},
		{"in by hand", true, "", "7", false, "stay"},
		{"in a list of before", true, "", "6", true, "enter"},
		{"perhaps in", true, "", "", true, "enter"},
		{"ended", false, "", "7", true, "leave"},
		{"ended, in by hand", false, "", "7", false, "forget"},
		{"ended, perhaps in", false, "", "", true, "leave"},
		{"ended, in a list of before", false, "", "6", true, "forget"},
		{"waits for the admin, in", false, "gate", "7", true, "stay"},
		{"waits for the admin", false, "gate", "", false, "stay"},
		{"never there", false, "", "", false, "stay"},
	} {
		if got := lists.Move(c.sent, c.held, c.in, c.ours); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRides(t *testing.T) {
	t.Parallel()
	rides, waiting, forgotten := lists.Rides(
		lists.Rider{Contact: "1", A: "enter"},
		lists.Rider{Contact: "2", A: "leave", B: "enter"},
		lists.Rider{A: "enter"},               // has no contact
		lists.Rider{Contact: "1", B: "leave"}, // another member's already
		lists.Rider{Contact: "4", A: "enter", B: "forget"},
	)
	want := map[string][2][]string{"7": {{"1", "4"}, {"2"}}, "8": {{"2"}, {}}}
	if !reflect.DeepEqual(rides, want) || !slices.Equal(waiting, []int{3}) || forgotten != 1 {
		t.Errorf("%v, waiting %v, %d forgotten", rides, waiting, forgotten)
	}
}
