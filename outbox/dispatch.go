package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// labelAge is how long a label of Route is believed: settling a record may
// change it.
const labelAge = 2 * time.Second

func (p *partition) batchSize() int {
	if p.d.raw() {
		return 1
	}
	return p.o.cfg.BatchSize
}

// dispatch hands out batches until nothing more may go now.
func (p *partition) dispatch(ctx context.Context) error {
	for {
		if err := p.setAsideNonsense(ctx); err != nil {
			return err
		}
		if err := p.lookUp(ctx); err != nil {
			return err
		}
		if err := p.route(ctx); err != nil {
			return err
		}
		f := p.next()
		if f == nil {
			return nil
		}
		select {
		case p.d.feed <- f:
		case <-p.lease.ctx.Done():
			p.undo(f)
			return nil
		case <-p.d.stopping:
			p.undo(f)
			return nil
		case <-ctx.Done():
			p.undo(f)
			return nil
		}
		if s, need := p.forwardSpan(false); need {
			if err := p.readSpan(ctx, p.o.cfg.Now(), s); err != nil {
				return err
			}
		}
	}
}

// next takes the next batch off the window: lane 0, then 1, then 2, but one time
// in BackfillShare 2 before 1.
func (p *partition) next() *flight {
	ceiling := p.o.cfg.MaxInFlight
	if p.o.cfg.Ceiling != nil && !p.d.raw() {
		ceiling = min(ceiling, p.o.cfg.Ceiling(p.lease.tenant))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.o.cfg.Now()
	if p.leaving || !p.lease.covers(now, p.o.cfg.CallTimeout) {
		return nil
	}
	allowed := min(ceiling, p.limit)
	if ceiling <= 0 && len(p.w.items) > 0 && len(p.flights) == 0 {
		p.look(now.Add(p.o.cfg.SnoozeMin)) // only the handler knows when it wants more
	}
	order := [lanes]Lane{LaneUrgent, LaneLive, LaneBackfill}
	if (p.turn+1)%p.o.cfg.BackfillShare == 0 {
		order = [lanes]Lane{LaneUrgent, LaneBackfill, LaneLive}
	}
	for _, lane := range order {
		if now.Before(p.rest[lane]) {
			p.look(p.rest[lane])
			if lane == LaneUrgent {
				return nil
			}
			continue
		}
		free := allowed - len(p.flights)
		if lane != LaneUrgent && allowed >= 4 && !p.d.raw() {
			free-- // one place is kept for what must overtake
		}
		if free <= 0 {
			continue
		}
		items, again := p.w.pick(lane, picking{
			size:    p.batchSize(),
			routed:  p.o.cfg.Route != nil && !p.d.raw(),
			partial: lane == LaneUrgent || p.partials[lane] == 0 && !p.w.more[lane] || p.w.known(lane) >= p.o.cfg.Window,
			linger:  p.o.cfg.Linger,
			now:     now,
		})
		p.look(again)
		if len(items) > 0 {
			p.turn++
			return p.launch(lane, items)
		}
	}
	return nil
}

// launch makes a flight of items. p.mu is held.
func (p *partition) launch(lane Lane, items []*item) *flight {
	items = append([]*item(nil), items...)
	p.w.takeOff(items)
	f := &flight{p: p, items: items, lane: lane, partial: len(items) < p.batchSize(), began: p.counter}
	f.batch = Batch{Tenant: p.lease.tenant, Term: p.lease.term, Kind: items[0].kind, Route: items[0].label,
		Deliveries: make([]Delivery, len(items))}
	for i, it := range items {
		f.batch.Deliveries[i] = it.delivery()
	}
	p.flights[f] = struct{}{}
	if f.partial {
		p.partials[lane]++
	}
	p.o.flights.open(f)
	return f
}

// undo ends a flight that never left: its items wait again.
func (p *partition) undo(f *flight) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, it := range f.items {
		p.w.land(it, stay)
	}
	p.drop(f)
}

// drop forgets a flight. p.mu is held.
func (p *partition) drop(f *flight) {
	if _, ok := p.flights[f]; !ok {
		return
	}
	delete(p.flights, f)
	if f.partial {
		p.partials[f.lane]--
	}
	if len(p.flights) == 0 {
		clear(p.settledKeys)
	}
	p.o.flights.close(f)
	p.poke()
}

// route labels waiting items by Config.Route.
func (p *partition) route(ctx context.Context) (err error) {
	if p.o.cfg.Route == nil || p.d.raw() {
		return nil
	}
	now := p.o.cfg.Now()
	p.mu.Lock()
	byKind := map[string][]*item{}
	for _, it := range p.w.unlabelled(4*p.batchSize(), now.Add(-labelAge)) {
		byKind[it.kind] = append(byKind[it.kind], it)
	}
	p.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("outbox: route panicked: %v", r)
		}
	}()
	for kind, items := range byKind {
		keys := make([]string, len(items))
		for i, it := range items {
			keys[i] = it.key
		}
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		labels, err := p.o.cfg.Route(ctx, p.lease.tenant, kind, keys)
		cancel()
		if err != nil {
			return fmt.Errorf("outbox: route: %w", err)
		}
		if len(labels) != len(keys) {
			return errors.New("outbox: route: the number of labels is not the number of keys")
		}
		p.mu.Lock()
		for i, it := range items {
			it.label, it.labelledAt = labels[i], now
		}
		p.mu.Unlock()
	}
	return nil
}

// nonsenseWait is how long a row of an unknown kind waits at least: during a
// rollout a newer replica may know it.
const nonsenseWait = time.Minute

// setAsideNonsense sets aside rows that no handler can be given.
func (p *partition) setAsideNonsense(ctx context.Context) error {
	p.mu.Lock()
	if !p.nonsense {
		p.mu.Unlock()
		return nil
	}
	p.nonsense = false
	var bad []*item
	for _, q := range p.w.queues {
		for _, it := range q {
			switch {
			case p.sane(it.kind, it.key, it.subject, it.payload):
			case p.w.subjects[it.subject] == 0 && !p.w.flyingKeys[it.itemKey]:
				bad = append(bad, it)
			default:
				p.nonsense = true // once its subject is free
			}
		}
	}
	var fs []*flight
	for _, it := range bad {
		fs = append(fs, p.launch(it.lane, []*item{it}))
	}
	p.mu.Unlock()
	for _, f := range fs {
		p.log.Error("outbox: row cannot be delivered", "kind", f.batch.Kind, "rows", f.batch.Deliveries[0].rows)
		o := Retry(ClassBug, "unknown kind or malformed row", nonsenseWait)
		if err := p.o.settleFlight(ctx, f, Settlement{Outcomes: []Outcome{o}}); err != nil {
			p.lostSight(f)
			return err
		}
		p.mu.Lock()
		p.drop(f)
		p.mu.Unlock()
	}
	return nil
}

func (p *partition) sane(kind, key, subject string, payload []byte) bool {
	if p.d.raw() {
		return kind == rawKind && payload != nil
	}
	_, known := p.o.cfg.Kinds[kind]
	return known && key != "" && subject != ""
}
