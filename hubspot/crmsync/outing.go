package crmsync

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/outbox"
)

// callNeed is the time that must be left on the lease before a call starts.
const callNeed = 10 * time.Second

// outing is one batch on its way through calls to one portal: what ends it
// early concerns all of the batch.
type outing struct {
	base   *base
	batch  outbox.Batch
	portal *Portal

	stop     *failure     // concerns the whole tenant: no further call
	single   bool         // what the key or the plan does not allow concerns this kind alone
	off      *failure     // that has happened: no further call
	lost     error        // the claim or the database is gone: nothing may be settled
	refusals refusalCount // single refusals alike, to bound a bisection
}

// call makes one call to HubSpot, if the lease lasts long enough for it. It
// reports false if the outing must not go on.
func (o *outing) call(ctx context.Context, do func(context.Context) error) (ok bool, err error) {
	if o.ended() {
		return false, nil
	}
	ctx, cancel, err := o.base.outbox.Guard(ctx, o.batch, callNeed)
	if err != nil {
		o.lost = err
		return false, nil
	}
	defer cancel()
	err = do(ctx)
	if err == nil {
		o.portal.worked()
		return true, nil
	}
	f := readFailure(err)
	if f.code == codeNoProperty {
		o.portal.doubtSchemas()
	}
	return !o.concernsMore(f, err), err
}

// ended reports whether no further call may be made.
func (o *outing) ended() bool { return o.stop != nil || o.lost != nil || o.off != nil }

// keys are the keys of the batch's deliveries, in order.
func (o *outing) keys() []string {
	out := make([]string, len(o.batch.Deliveries))
	for i, d := range o.batch.Deliveries {
		out[i] = d.Key
	}
	return out
}

// result is what came of a batch, before it is settled.
type result struct {
	outcomes []outbox.Outcome // one for each delivery, in order
	records  []entry
	// apply are further writes of Settle's transaction.
	apply []func(ctx context.Context, tx bun.Tx, now time.Time) error
	stop  *failure
}

// same is the result that gives every delivery of the batch one outcome.
func same(b outbox.Batch, o outbox.Outcome) result {
	out := make([]outbox.Outcome, len(b.Deliveries))
	for i := range out {
		out[i] = o
	}
	return result{outcomes: out}
}

// join adds what came of further deliveries.
func (r *result) join(more result) {
	r.outcomes = append(r.outcomes, more.outcomes...)
	r.records = append(r.records, more.records...)
	r.apply = append(r.apply, more.apply...)
	if more.stop != nil {
		r.stop = more.stop
	}
}

// manyGone reports whether so many of a batch are gone from the host that one
// buggy query may be to blame, which must not empty a portal.
func manyGone(gone, all int) bool { return gone > 20 && gone*5 > all }

// contestedAttempts is how often a member whose address another contact holds
// is tried before an admin is asked: the other member's own change may be
// under way.
const contestedAttempts = 4

// untouched is the result of a batch for which nothing was done.
func (o *outing) untouched() (result, error) {
	r := same(o.batch, outbox.Snooze())
	r.stop = o.stop
	return r, o.lost
}

// The longest waits for what a note stands on, and how soon one is tried again
// whose contact has to be looked at first.
const (
	awaitContact = 30 * 24 * time.Hour
	staleRetry   = time.Second
)
