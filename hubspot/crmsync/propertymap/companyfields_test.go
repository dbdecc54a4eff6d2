package propertymap_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestSeats(t *testing.T) {
	t.Parallel()
	m := propertymap.New(propertymap.Company, propertymap.Defaults(), nil)
	for _, c := range []struct {
		seats, taken           int
		total, occupied, spare string
	}{
		{10, 4, "10", "4", "6"},
		{10, 0, "10", "0", "10"}, // nobody yet is a number
		{10, 12, "10", "12", "0"},
		{0, 3, "", "3", ""}, // how many there are is not known
		{0, 0, "", "", ""},
	} {
		v := m.Values(integration.Organization{ID: "o", Seats: c.seats, SeatsTaken: c.taken}, nil).Of
		if v["memberpulse_seats"] != c.total || v["memberpulse_seats_taken"] != c.occupied || v["memberpulse_seats_free"] != c.spare {
			t.Errorf("%d seats, %d taken: %q %q %q", c.seats, c.taken, v["memberpulse_seats"], v["memberpulse_seats_taken"], v["memberpulse_seats_free"])
		}
	}
}
