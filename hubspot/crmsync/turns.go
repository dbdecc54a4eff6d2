package crmsync

import (
	"context"
	"sync"
	"time"
)

// The rest of a tenant whose turn has failed: it doubles with every failure
// in a row.
const (
	turnRestMin = 500 * time.Millisecond
	turnRestMax = time.Minute
)

// turns give tenants turns at a piece of work: some tenants at once, each at
// most once at a time. One whose turn fails rests, and one whose turn is long
// keeps no more than its own place.
type turns struct {
	work  func(ctx context.Context, tenant string) error
	now   func() time.Time
	slots chan struct{}
	all   sync.WaitGroup

	mu    sync.Mutex
	busy  map[string]bool
	rests map[string]turnRest
}

type turnRest struct {
	until time.Time
	next  time.Duration
}

func newTurns(atOnce int, now func() time.Time, work func(context.Context, string) error) *turns {
	return &turns{work: work, now: now, slots: make(chan struct{}, atOnce), busy: map[string]bool{}, rests: map[string]turnRest{}}
}

// offer gives each tenant of a list a turn unless it has one or rests, and
// returns once the last of them has begun or ctx has ended. A turn's error is
// the work's to tell.
func (t *turns) offer(ctx context.Context, list func(context.Context) ([]string, error)) error {
	tenants, err := list(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		select {
		case <-ctx.Done():
			return nil
		case t.slots <- struct{}{}:
		}
		if !t.begin(tenant) {
			<-t.slots
			continue
		}
		t.all.Go(func() {
			defer func() { <-t.slots }()
			t.end(tenant, t.work(ctx, tenant))
		})
	}
	return nil
}

// wait returns once all turns have ended. Nothing is offered meanwhile.
func (t *turns) wait() { t.all.Wait() }

func (t *turns) begin(tenant string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[tenant] || t.now().Before(t.rests[tenant].until) {
		return false
	}
	t.busy[tenant] = true
	return true
}

func (t *turns) end(tenant string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, tenant)
	if err == nil {
		delete(t.rests, tenant)
		return
	}
	rest := max(t.rests[tenant].next, turnRestMin)
	t.rests[tenant] = turnRest{until: t.now().Add(rest), next: min(2*rest, turnRestMax)}
}
