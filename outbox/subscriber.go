package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// Batches returns a subscriber of TopicBatches: one message is one batch, for
// Watermill's router. The handler calls Settle and returns no error; a message
// that is acked or nacked without Settle is logged as an error and its
// deliveries are set aside for a retry.
//
// A message's context has the values of Subscribe's context but not its end: the
// router cancels that at once when it closes, while calls in flight deserve
// their time. It ends when the message is acked, or with the grace of Close.
func (o *Outbox) Batches() message.Subscriber {
	return &subscriber{o: o, topics: func(topic string) (string, error) {
		if topic != TopicBatches {
			return "", fmt.Errorf("outbox: topic %q, batches are on %q", topic, TopicBatches)
		}
		return "", nil
	}}
}

// subscriber is Watermill's view of drains.
type subscriber struct {
	o      *Outbox
	topics func(topic string) (string, error) // topic of the drain

	mu     sync.Mutex
	subs   []*subscription
	closed bool
}

// Subscribe joins the drain of the topic, starting it if it is the first.
func (s *subscriber) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	name, err := s.topics(topic)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if name != "" {
		if err := s.o.ensureTopic(ctx, name); err != nil {
			return nil, err
		}
	}
	sub, err := s.o.subscribe(ctx, name)
	if err != nil {
		return nil, err
	}
	s.subs = append(s.subs, sub)
	return sub.out, nil
}

// Close ends the subscriptions: nothing new is handed out, calls in flight get
// Config.CloseGrace, leases are given back. It is safe twice.
func (s *subscriber) Close() error {
	s.mu.Lock()
	s.closed = true
	subs := s.subs
	s.mu.Unlock()
	for _, sub := range subs {
		sub.stop()
	}
	for _, sub := range subs {
		<-sub.ended
	}
	return nil
}

// subscription hands the flights of a drain to one channel.
type subscription struct {
	o        *Outbox
	d        *drain
	ctx      context.Context
	out      chan *message.Message
	stopping chan struct{}
	once     sync.Once
	ended    chan struct{}
	last     context.Context // of all messages; ends when the grace is over
	cut      context.CancelFunc
	flying   sync.WaitGroup
}

func (o *Outbox) subscribe(ctx context.Context, topic string) (*subscription, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, ErrClosed
	}
	d := o.drains[topic]
	if d == nil {
		d = o.newDrain(topic)
		o.drains[topic] = d
	}
	d.subs++
	sub := &subscription{o: o, d: d, ctx: ctx, out: make(chan *message.Message),
		stopping: make(chan struct{}), ended: make(chan struct{})}
	sub.last, sub.cut = context.WithCancel(context.WithoutCancel(ctx))
	o.subs[sub] = struct{}{}
	o.wg.Go(sub.run)
	return sub, nil
}

func (s *subscription) stop() { s.once.Do(func() { close(s.stopping) }) }

func (s *subscription) run() {
	defer close(s.ended)
	for {
		select {
		case f := <-s.d.feed:
			if s.hand(f) {
				continue
			}
		case <-s.stopping:
		case <-s.ctx.Done():
		}
		break
	}
	s.finish()
}

// hand gives one flight to the consumer. It reports false if the subscription
// ends instead; then the flight goes back.
func (s *subscription) hand(f *flight) bool {
	msg, err := s.message(f)
	if err != nil {
		s.o.cfg.Logger.Error("outbox: message cannot be built", "kind", f.batch.Kind, "error", err)
		s.o.finishFlight(f, "the message could not be built")
		return true
	}
	ctx, cancel := context.WithCancel(s.last)
	msg.SetContext(ctx)
	select {
	case s.out <- msg:
	case <-s.stopping:
		cancel()
		f.p.undo(f)
		return false
	case <-s.ctx.Done():
		cancel()
		f.p.undo(f)
		return false
	}
	s.flying.Go(func() {
		defer cancel()
		s.follow(f, msg)
	})
	return true
}

// message builds the flight's message.
func (s *subscription) message(f *flight) (*message.Message, error) {
	if s.d.raw() {
		return rawMessage(f.items[0])
	}
	payload, err := f.batch.encode()
	if err != nil {
		return nil, err
	}
	return message.NewMessage(fmt.Sprintf("%s-%d-%d", f.batch.Tenant, f.batch.Term, f.batch.seq), payload), nil
}

// follow waits for the consumer's answer. A message that is not answered when
// the grace ends keeps its flight: its calls may still be out.
func (s *subscription) follow(f *flight, msg *message.Message) {
	select {
	case <-msg.Acked():
		if s.d.raw() {
			f.p.settleRaw(f)
			return
		}
		s.o.finishFlight(f, "acked without settling")
	case <-msg.Nacked():
		if s.d.raw() {
			s.o.nackRaw(f)
			return
		}
		s.o.finishFlight(f, "panicked or returned an error")
	case <-s.last.Done():
	}
}

// finish ends the subscription, and the drain if it was its last.
func (s *subscription) finish() {
	s.o.mu.Lock()
	s.d.subs--
	last := s.d.subs == 0
	if last && s.o.drains[s.d.topic] == s.d {
		delete(s.o.drains, s.d.topic)
	}
	s.o.mu.Unlock()
	if last {
		s.d.stop()
	}
	landed := make(chan struct{})
	go func() {
		s.flying.Wait()
		close(landed)
	}()
	grace := time.NewTimer(s.o.cfg.CloseGrace)
	defer grace.Stop()
	select {
	case <-landed:
	case <-grace.C:
		s.o.cfg.Logger.Error("outbox: calls still in flight after the grace of close")
	}
	s.cut()
	<-landed
	if last {
		s.d.end()
	}
	close(s.out)
	s.o.mu.Lock()
	delete(s.o.subs, s)
	s.o.mu.Unlock()
}
