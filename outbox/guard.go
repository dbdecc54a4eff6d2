package outbox

import (
	"context"
	"time"
)

// Guard allows one call of the batch that takes at most need. It returns
// ErrClaimLost unless the lease is held and lasts longer than need. The context
// ends when need is over or the lease is lost, whichever is first: a call made
// under it is never out together with one of the next holder. Call cancel when
// the call has returned.
func (o *Outbox) Guard(ctx context.Context, b Batch, need time.Duration) (context.Context, context.CancelFunc, error) {
	f := o.flights.find(b)
	if f == nil {
		return nil, nil, ErrClaimLost
	}
	l := f.p.lease
	if !l.covers(o.cfg.Now(), need) {
		return nil, nil, ErrClaimLost
	}
	ctx, lose := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.ctx, func() { lose(ErrClaimLost) })
	timed, cancel := context.WithTimeout(ctx, need)
	return timed, func() {
		stop()
		cancel()
		lose(context.Canceled)
	}, nil
}

// CallTimeout is how long one call may take, as configured.
func (o *Outbox) CallTimeout() time.Duration { return o.cfg.CallTimeout }
