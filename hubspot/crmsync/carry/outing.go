package carry

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// CallNeed is the time that must be left on the lease before a call starts.
const CallNeed = 10 * time.Second

// Outing is one batch on its way through calls to one portal: what ends it
// early concerns all of the batch.
type Outing struct {
	Base   *Base
	Batch  outbox.Batch
	Portal *Portal

	Stop     *verdict.Failure // concerns the whole tenant: no further call
	Single   bool             // what the key or the plan does not allow concerns this kind alone
	off      *verdict.Failure // that has happened: no further call
	Lost     error            // the claim or the database is gone: nothing may be settled
	Refusals RefusalCount     // single refusals alike, to bound a bisection
}

// Call makes one call to HubSpot, if the lease lasts long enough for it. It
// reports false if the outing must not go on.
func (o *Outing) Call(ctx context.Context, do func(context.Context) error) (ok bool, err error) {
	if o.Ended() {
		return false, nil
	}
	ctx, cancel, err := o.Base.Outbox.Guard(ctx, o.Batch, CallNeed)
	if err != nil {
		o.Lost = err
		return false, nil
	}
	defer cancel()
	err = do(ctx)
	if err == nil {
		o.Portal.worked()
		return true, nil
	}
	f := verdict.Read(err)
	if f.Code == verdict.NoProperty {
		o.Portal.DoubtSchemas()
	}
	return !o.concernsMore(f, err), err
}

// Ended reports whether no further call may be made.
func (o *Outing) Ended() bool { return o.Stop != nil || o.Lost != nil || o.off != nil }

// Keys are the keys of the batch's deliveries, in order.
func (o *Outing) Keys() []string {
	out := make([]string, len(o.Batch.Deliveries))
	for i, d := range o.Batch.Deliveries {
		out[i] = d.Key
	}
	return out
}

// Result is what came of a batch, before it is settled.
type Result struct {
	Outcomes []outbox.Outcome // one for each delivery, in order
	Records  []ledger.Entry
	// apply are further writes of Settle's transaction.
	Apply []func(ctx context.Context, tx bun.Tx, now time.Time) error
	Stop  *verdict.Failure
}

// Same is the result that gives every delivery of the batch one outcome.
func Same(b outbox.Batch, o outbox.Outcome) Result {
	out := make([]outbox.Outcome, len(b.Deliveries))
	for i := range out {
		out[i] = o
	}
	return Result{Outcomes: out}
}

// Join adds what came of further deliveries.
func (r *Result) Join(more Result) {
	r.Outcomes = append(r.Outcomes, more.Outcomes...)
	r.Records = append(r.Records, more.Records...)
	r.Apply = append(r.Apply, more.Apply...)
	if more.Stop != nil {
		r.Stop = more.Stop
	}
}

// ManyGone reports whether so many of a batch are gone from the host that one
// buggy query may be to blame, which must not empty a portal.
func ManyGone(gone, all int) bool { return gone > 20 && gone*5 > all }

// ContestedAttempts is how often a member whose address another contact holds
// is tried before an admin is asked: the other member's own change may be
// under way. So are those whose contact or event HubSpot does not find.
const ContestedAttempts = 4

// Untouched is the result of a batch for which nothing was done.
func (o *Outing) Untouched() (Result, error) {
	r := Same(o.Batch, outbox.Snooze())
	r.Stop = o.Stop
	return r, o.Lost
}

// The longest waits for what a note stands on, and how soon one is tried again
// whose contact has to be looked at first.
const (
	AwaitContact = 30 * 24 * time.Hour
	StaleRetry   = time.Second
)
