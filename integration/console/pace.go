package console

import (
	"net/http"
	"sync"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// pace bounds how often a tenant makes a plugin call its vendor from here, so
// that a script that repeats a refused key cannot use up the tenant's own
// quota. It counts per process, in windows of a minute.
type pace struct {
	limit int
	now   func() time.Time

	mu    sync.Mutex
	began time.Time
	used  map[string]int
}

func newPace(limit int, now func() time.Time) *pace {
	return &pace{limit: limit, now: now, used: map[string]int{}}
}

// take counts one call of the tenant, or refuses it with 429.
func (p *pace) take(clientID string, id integration.ID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if since := now.Sub(p.began); since >= time.Minute || since < 0 {
		p.began = now
		clear(p.used)
	}
	key := clientID + "/" + string(id)
	if p.used[key] >= p.limit {
		until := p.began.Add(time.Minute).UTC()
		q := newProblem(http.StatusTooManyRequests, string(integration.Limited), "That was too often.",
			"The connection was tried many times within a minute. Nothing was changed.", "Wait a minute, then try again.")
		q.RetryAt = &until
		q.NextAttempt = "This request is not repeated by itself; it may be sent again from " + until.Format(time.RFC3339) + "."
		return q
	}
	p.used[key]++
	return nil
}
