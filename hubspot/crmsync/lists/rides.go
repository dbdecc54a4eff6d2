package lists

import (
	"cmp"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// segmentWork is one member's contact on its way into static lists and out of
// them.
type segmentWork struct {
	d       outbox.Delivery
	contact string // its HubSpot id, "" for none
	doubt   bool   // a call for it may have been made and never settled
	seats   []seat
	changed []seat // as they are after the pass
	open    bool   // something is not as it should be yet
	missing bool   // HubSpot has no such contact for lists
}

// passenger is a seat on its way into a list, or out of it.
type passenger struct {
	w    *segmentWork
	seat seat
	in   bool
}

// maybe: a call that put the contact in was perhaps made, so that it is ours if
// it is in.
func (p passenger) maybe() bool { return p.w.doubt || p.seat.ListID == "" && p.seat.Ours }

// done notes what the seat is now.
func (p passenger) done(listID string, ours bool) {
	s := p.seat
	s.ListID, s.Ours = listID, ours && listID != ""
	p.w.changed = append(p.w.changed, s)
}

// perhaps notes that a call of unknown fate was made for the seat.
func (p passenger) perhaps() {
	if !p.in {
		return // it is still to be taken out
	}
	s := p.seat
	s.ListID, s.Ours = "", true
	p.w.changed = append(p.w.changed, s)
}

// listRide is one call: who gets into a list and who out of it.
type listRide struct {
	key    settings.ListKey
	listID string
	in     []passenger
	out    []passenger
}

// planRides collects the calls of a batch, one for each list that changes. A
// contact without an id, and one that stands twice in a batch, waits. It is
// pure.
func planRides(works []*segmentWork, lists map[string]Row) []listRide {
	rides := map[string]*listRide{}
	taken := map[string]*segmentWork{}
	for _, w := range works {
		if w.contact == "" {
			continue
		}
		if first := taken[w.contact]; first != nil {
			w.open = true
			continue
		}
		taken[w.contact] = w
		for _, s := range w.seats {
			row, ok := lists[s.Tag]
			if !ok {
				continue
			}
			p := passenger{w: w, seat: s}
			switch s.move(row.ListID) {
			case enter:
				p.in = true
				ride := rideOf(rides, row)
				ride.in = append(ride.in, p)
			case leave:
				ride := rideOf(rides, row)
				ride.out = append(ride.out, p)
			case forget:
				p.done("", false)
			case stay:
			}
		}
	}
	out := make([]listRide, 0, len(rides))
	for _, r := range rides {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b listRide) int { return cmp.Compare(a.key.Tag, b.key.Tag) })
	return out
}

func rideOf(rides map[string]*listRide, row Row) *listRide {
	r := rides[row.Tag]
	if r == nil {
		r = &listRide{key: settings.ListKey{Tag: row.Tag, Mode: row.Mode}, listID: row.ListID}
		rides[row.Tag] = r
	}
	return r
}

// passengers are all of a ride.
func (r listRide) passengers() []passenger { return slices.Concat(r.in, r.out) }

// contacts are the ids of passengers, in their order.
func contacts(of []passenger) []string {
	out := make([]string, len(of))
	for i, p := range of {
		out[i] = p.w.contact
	}
	return out
}
