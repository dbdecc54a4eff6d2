package carry

import (
	"maps"
	"sync"
)

// reservations are the records that a tenant's passes under way have chosen for
// their members. A choice lasts until its pass is settled: only then can the
// others see it as a link.
type reservations struct {
	mu sync.Mutex
	by map[string]Holder // by HubSpot id
}

// Holder is who has chosen a record.
type Holder struct {
	Pass *Portal // each pass has its own
	Key  string  // the member
}

func newReservations() *reservations { return &reservations{by: map[string]Holder{}} }

// Take claims a record for a member until its pass releases it; false if
// another member has it. Whoever takes a record must look at its link
// afterwards, not before.
func (r *reservations) Take(id string, by Holder) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, taken := r.by[id]; taken && h != by {
		return false
	}
	r.by[id] = by
	return true
}

// Release gives up what a pass has taken.
func (r *reservations) Release(pass *Portal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.by, func(_ string, h Holder) bool { return h.Pass == pass })
}
