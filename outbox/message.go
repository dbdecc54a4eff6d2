package outbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// TopicBatches is the topic of Batches: one message is one batch.
const TopicBatches = "outbox.batches"

// Batch is what one message carries: deliveries of one tenant, one kind, one
// route and one lane, of subjects that no other batch in flight has.
type Batch struct {
	Tenant string `json:"tenant"`
	// Term is the lease that the batch was claimed under.
	Term       int64      `json:"term"`
	Kind       string     `json:"kind"`
	Route      string     `json:"route,omitempty"`
	Deliveries []Delivery `json:"deliveries"`

	seq int64 // of the flight, unique in the process that claimed it
}

type batchJSON struct {
	Batch
	Seq        int64          `json:"seq"`
	Deliveries []deliveryJSON `json:"deliveries"`
}

type deliveryJSON struct {
	Delivery
	Rows  [lanes][]int64 `json:"rows"`
	Aside bool           `json:"aside,omitempty"`
}

func (b Batch) encode() ([]byte, error) {
	out := batchJSON{Batch: b, Seq: b.seq, Deliveries: make([]deliveryJSON, len(b.Deliveries))}
	for i, d := range b.Deliveries {
		out.Deliveries[i] = deliveryJSON{Delivery: d, Rows: d.rows, Aside: d.aside}
	}
	return json.Marshal(out)
}

// FromMessage returns the batch that a message of TopicBatches carries. It
// trusts nothing: a message that is no batch is ErrInvalidBatch.
func FromMessage(msg *message.Message) (Batch, error) {
	if msg == nil {
		return Batch{}, fmt.Errorf("%w: no message", ErrInvalidBatch)
	}
	var in batchJSON
	if err := json.Unmarshal(msg.Payload, &in); err != nil {
		// The error may quote the payload: its kind is enough.
		return Batch{}, fmt.Errorf("%w: not JSON of a batch", ErrInvalidBatch)
	}
	b := in.Batch
	b.seq = in.Seq
	b.Deliveries = make([]Delivery, len(in.Deliveries))
	for i, d := range in.Deliveries {
		b.Deliveries[i] = d.Delivery
		b.Deliveries[i].rows = d.Rows
		b.Deliveries[i].aside = d.Aside
	}
	if err := b.check(); err != nil {
		return Batch{}, fmt.Errorf("%w: %w", ErrInvalidBatch, err)
	}
	return b, nil
}

func (b Batch) check() error {
	if _, err := parseTenant(b.Tenant); err != nil {
		return err
	}
	if b.Term < 1 || b.seq < 1 {
		return errors.New("no term")
	}
	if b.Kind == "" || len(b.Deliveries) == 0 {
		return errors.New("no deliveries")
	}
	for _, d := range b.Deliveries {
		if d.Kind != b.Kind || d.Key == "" || d.Lane < 0 || d.Lane >= lanes {
			return errors.New("a delivery that does not belong")
		}
		if len(d.rows[0])+len(d.rows[1])+len(d.rows[2]) == 0 && !d.aside {
			return errors.New("a delivery of nothing")
		}
		for _, ids := range d.rows {
			for _, id := range ids {
				if id < 1 {
					return errors.New("a row id under 1")
				}
			}
		}
	}
	return nil
}

// oldest returns the earlier of two times, of which zero is none.
func oldest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
