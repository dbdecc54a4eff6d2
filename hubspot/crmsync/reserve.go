package crmsync

import (
	"maps"
	"sync"
)

// reservations are the records that a tenant's passes under way have chosen for
// their members. A choice lasts until its pass is settled: only then can the
// others see it as a link.
type reservations struct {
	mu sync.Mutex
	by map[string]holder // by HubSpot id
}

type holder struct {
	pass *Portal // each pass has its own
	key  string  // the member
}

func newReservations() *reservations { return &reservations{by: map[string]holder{}} }

// take claims a record for a member until its pass releases it; false if
// another member has it. Whoever takes a record must look at its link
// afterwards, not before.
func (r *reservations) take(id string, by holder) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, taken := r.by[id]; taken && h != by {
		return false
	}
	r.by[id] = by
	return true
}

// release gives up what a pass has taken.
func (r *reservations) release(pass *Portal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.by, func(_ string, h holder) bool { return h.pass == pass })
}
