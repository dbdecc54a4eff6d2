package outbox

import (
	"context"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

const rawKind = "outbox.raw"

type drain struct{}

type collector struct{}

type waker struct{}

func newWaker(*Outbox) *waker { return &waker{} }

func (*waker) appended(context.Context, []string) {}

func (*waker) collect(ctx context.Context) (context.Context, *collector) { return ctx, nil }

func (*waker) collected(context.Context) *collector { return nil }

func (*waker) committed(*collector) {}

// Wake looks at the tenant now.
func (o *Outbox) Wake(tenant string) {}

// Batches returns a subscriber of TopicBatches.
func (o *Outbox) Batches() message.Subscriber { return nil }

// Raw returns a publisher and a subscriber of plain messages.
func (o *Outbox) Raw() (message.Publisher, message.Subscriber) { return nil, nil }

// Guard allows one call of the batch.
func (o *Outbox) Guard(ctx context.Context, b Batch, need time.Duration) (context.Context, context.CancelFunc, error) {
	return nil, nil, ErrClaimLost
}

// Settle ends a batch.
func (o *Outbox) Settle(ctx context.Context, b Batch, s Settlement) error { return ErrClaimLost }

// Close ends draining.
func (o *Outbox) Close(ctx context.Context) error { return nil }
