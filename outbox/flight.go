package outbox

import (
	"sync"
)

// flight is a batch from its claim to its end.
type flight struct {
	p       *partition
	batch   Batch
	items   []*item
	lane    Lane
	partial bool
	began   int64 // value of the partition's counter of settled keys

	mu       sync.Mutex
	settling bool
	settled  bool
}

// begin lets one Settle through.
func (f *flight) begin() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settled || f.settling {
		return ErrSettled
	}
	f.settling = true
	return nil
}

func (f *flight) finishSettle(ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settling = false
	f.settled = f.settled || ok
}

// isSettled says whether a settlement was committed.
func (f *flight) isSettled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.settled
}

// flights finds a flight by the batch that names it.
type flights struct {
	mu   sync.Mutex
	next int64
	all  map[int64]*flight
}

func newFlights() *flights { return &flights{all: map[int64]*flight{}} }

func (fs *flights) open(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.next++
	f.batch.seq = fs.next
	fs.all[fs.next] = f
}

func (fs *flights) close(f *flight) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	delete(fs.all, f.batch.seq)
}

// find returns the flight of b, nil if it ended or was another process's.
func (fs *flights) find(b Batch) *flight {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f := fs.all[b.seq]
	if f == nil || f.batch.Tenant != b.Tenant || f.batch.Term != b.Term {
		return nil
	}
	return f
}
