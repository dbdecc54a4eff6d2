package outbox

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// rawKind is the kind of rows of raw topics.
const rawKind = "outbox.raw"

const (
	// MaxRawPayload is the largest payload of a raw message, in bytes.
	MaxRawPayload = 256 << 10
	// nackMin and nackMax bound the wait before a nacked message comes again.
	nackMin = 10 * time.Millisecond
	nackMax = 5 * time.Second
)

// Raw returns a publisher and a subscriber of plain messages on the same engine:
// one row is one message, Ack deletes it, Nack brings it back after a short wait
// that doubles each time. Messages survive restarts and are delivered at least
// once, each to one subscriber of its topic in the whole fleet, in no promised
// order. Closing one of the two leaves the other open.
func (o *Outbox) Raw() (message.Publisher, message.Subscriber) {
	return &rawPublisher{o: o}, &subscriber{o: o, topics: func(topic string) (string, error) {
		if topic == "" || topic == TopicBatches || len(topic) > MaxKey {
			return "", fmt.Errorf("outbox: topic %q cannot be raw", topic)
		}
		return topic, nil
	}}
}

type rawPublisher struct {
	o      *Outbox
	closed atomic.Bool
}

// rawBody is what a raw row's payload holds.
type rawBody struct {
	UUID     string           `json:"uuid"`
	Metadata message.Metadata `json:"metadata,omitempty"`
	Payload  []byte           `json:"payload"`
}

// Publish stores the messages with one statement, under the context of the
// first. They are stored all or none.
func (p *rawPublisher) Publish(topic string, messages ...*message.Message) error {
	if p.closed.Load() {
		return ErrClosed
	}
	if topic == "" || topic == TopicBatches || len(topic) > MaxKey {
		return fmt.Errorf("outbox: topic %q cannot be raw", topic)
	}
	if len(messages) == 0 {
		return nil
	}
	ctx := messages[0].Context()
	if err := p.o.ensureTopic(ctx, topic); err != nil {
		return err
	}
	tenant := topicTenant(topic)
	var q strings.Builder
	args := []any{p.o.table.rows}
	q.WriteString("insert into ? (tenant, lane, kind, key, subject, payload) values ")
	for i, m := range messages {
		if len(m.Payload) > MaxRawPayload {
			return fmt.Errorf("%w: %d bytes, at most %d", ErrPayloadTooLarge, len(m.Payload), MaxRawPayload)
		}
		body, err := json.Marshal(rawBody{UUID: m.UUID, Metadata: m.Metadata, Payload: m.Payload})
		if err != nil {
			return fmt.Errorf("outbox: publish: %w", err)
		}
		if i > 0 {
			q.WriteString(", ")
		}
		q.WriteString("(?::uuid, 1, ?, ?, ?, ?::json)")
		// The message's own id is the publisher's business and may repeat.
		key := rand.Text()
		args = append(args, tenant, rawKind, key, key, string(body))
	}
	if _, err := p.o.db.ExecContext(ctx, q.String(), args...); err != nil {
		return fmt.Errorf("outbox: publish: %w", err)
	}
	p.o.mu.Lock()
	d := p.o.drains[topic]
	p.o.mu.Unlock()
	if d != nil {
		d.wake(tenant)
	}
	return nil
}

// Close makes later calls of Publish fail. Nothing is buffered.
func (p *rawPublisher) Close() error {
	p.closed.Store(true)
	return nil
}

// topicTenant is the partition of a raw topic: a UUID made of its name
// (version 8, so that no tenant's UUID of another version can equal it).
func topicTenant(topic string) string {
	h := sha256.Sum256([]byte("outbox raw topic\x00" + topic))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

func (o *Outbox) ensureTopic(ctx context.Context, topic string) error {
	_, err := o.db.ExecContext(ctx, `insert into ? (tenant, topic, open) values (?, ?, true) on conflict (tenant) do nothing`,
		o.table.tenants, topicTenant(topic), topic)
	if err != nil {
		return fmt.Errorf("outbox: raw topic: %w", err)
	}
	return nil
}

func rawMessage(it *item) (*message.Message, error) {
	var body rawBody
	if err := json.Unmarshal(it.payload, &body); err != nil {
		return nil, errors.New("outbox: payload is not a raw message")
	}
	msg := message.NewMessage(body.UUID, body.Payload)
	if body.Metadata != nil {
		msg.Metadata = body.Metadata
	}
	return msg, nil
}

// settleRaw deletes an acked message's row. Acks that arrive while a deletion is
// under way share the next one.
func (p *partition) settleRaw(f *flight) {
	p.mu.Lock()
	p.acked = append(p.acked, f)
	if p.deleting {
		p.mu.Unlock()
		return
	}
	p.deleting = true
	for len(p.acked) > 0 {
		list := p.acked
		p.acked = nil
		p.mu.Unlock()
		p.deleteRaw(list)
		p.mu.Lock()
	}
	p.deleting = false
	p.mu.Unlock()
}

func (p *partition) deleteRaw(list []*flight) {
	all := &flight{p: p, lane: LaneLive, batch: list[0].batch}
	for _, f := range list {
		all.items = append(all.items, f.items...)
	}
	outcomes := make([]Outcome, len(all.items))
	for i := range outcomes {
		outcomes[i] = Delivered()
	}
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	err := p.o.settleFlight(ctx, all, Settlement{Outcomes: outcomes})
	if err != nil {
		p.log.Error("outbox: acked messages not deleted, they will come again", "messages", len(list), "error", err)
		if errors.Is(err, ErrClaimLost) {
			p.lease.lose()
		}
		for _, f := range list {
			p.lostSight(f)
		}
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range list {
		p.drop(f)
	}
}

// nackRaw brings a nacked message back after a while.
func (o *Outbox) nackRaw(f *flight) {
	p := f.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, it := range f.items {
		it.nacks++
		it.notBefore = o.cfg.Now().Add(backoff(it.nacks, nackMin, nackMax, 0, o.cfg.Rand()))
		p.w.land(it, stay)
	}
	f.items = nil
	p.drop(f)
}
