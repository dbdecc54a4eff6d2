package hubspottest

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Simulator is a HubSpot in memory. It is an http.Handler, safe for concurrent use,
// and leaves no goroutine behind.
type Simulator struct {
	opts   Options
	table  []route
	values *valueParser
	lastID atomic.Int64

	mu      sync.Mutex // guards what follows
	portals map[int64]*PortalState
	tokens  map[string]*token
	faults  []*armedFault
	log     requestLog
	latency time.Duration
	waiting int // calls under latency or a delay
	rng     *rand.Rand
	changed chan struct{} // closed and replaced at each event that Await may wait for
}

// New makes a simulator without portals.
func New(opts Options) *Simulator {
	opts = opts.withDefaults()
	s := &Simulator{
		opts: opts, table: routes(), values: newValueParser(),
		portals: map[int64]*PortalState{}, tokens: map[string]*token{},
		log: requestLog{cap: opts.LogCap, bodyCap: opts.LogBodyBytes}, latency: opts.Latency,
		rng: rand.New(rand.NewPCG(opts.Seed, opts.Seed)), changed: make(chan struct{}),
	}
	s.lastID.Store(10_000_000_000) // live ids have eleven digits
	return s
}

// SetLatency sets the time that every API call takes from now on.
func (s *Simulator) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// Await returns when cond holds. It asks at once, and again after every request
// served and every change made by a method of the simulator. It returns the error of
// ctx when that ends first. cond may call any method of the simulator.
func (s *Simulator) Await(ctx context.Context, cond func(*Simulator) bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond(s) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Waiting answers how many calls are held back at this moment by latency or a delay.
func (s *Simulator) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting
}

// hold pauses a call for d of real time; false means that the client went away.
func (s *Simulator) hold(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	s.mu.Lock()
	s.waiting++
	s.wake()
	s.mu.Unlock()
	ok := wait(ctx, d)
	s.mu.Lock()
	s.waiting--
	s.mu.Unlock()
	return ok
}

// wake lets everyone in Await look again. Callers hold s.mu.
func (s *Simulator) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Simulator) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wake()
}

// now is the clock in the precision that HubSpot shows.
func (s *Simulator) now() time.Time { return s.opts.Now().UTC().Truncate(time.Millisecond) }

// nextID answers a record id that no other record of any portal has.
func (s *Simulator) nextID() int64 { return s.lastID.Add(1) }

func (s *Simulator) shuffle(n int, swap func(i, j int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rng.Shuffle(n, swap)
}

// correlationID makes a random UUID.
func (s *Simulator) correlationID() string {
	s.mu.Lock()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], s.rng.Uint64())
	binary.BigEndian.PutUint64(b[8:], s.rng.Uint64())
	s.mu.Unlock()
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
