package crmsync

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/matching"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The pace of a backfill.
const (
	backfillAhead = 2000            // entries that may wait in the outbox at once
	backfillPage  = 500             // keys listed in one transaction
	fencePatience = 5 * time.Second // then the walk starts, and is repeated once the fence has passed
	runPoll       = 250 * time.Millisecond
	runPatience   = time.Minute // with the host, for one step
)

// RunBackfills goes on with the full syncs of all tenants, with their matchings,
// and with what the host must still be told, until ctx ends. Any number of
// replicas may do so: a run is locked while one works on it. A backfill only
// appends to the outbox, in a lane of its own; there is no second path to HubSpot.
func (s *Syncer) RunBackfills(ctx context.Context) {
	var wait sync.WaitGroup
	// A run's step holds a transaction and needs a second connection: one at a time.
	runs := newTurns(1, s.Now, func(ctx context.Context, tenant string) error {
		err := s.advanceRun(ctx, tenant)
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("a full sync could not go on and will be tried again", "client_id", tenant, "error", err)
		}
		return err
	})
	wait.Go(func() { s.every(ctx, runPoll, "full syncs", func() error { return runs.offer(ctx, s.runs.active) }) })
	matchings := newTurns(matching.AtOnce, s.Now, s.matching.Advance)
	wait.Go(func() {
		s.every(ctx, runPoll, "matchings", func() error { return matchings.offer(ctx, s.matching.Due) })
	})
	if s.CRMIDs != nil {
		wait.Go(func() {
			s.every(ctx, carry.RetellEvery, "CRM ids of the host", func() error { return s.RetellHost(ctx) })
		})
	}
	wait.Wait()
	runs.wait()
	matchings.wait()
}

// every does something over and over until ctx ends.
func (s *Syncer) every(ctx context.Context, pace time.Duration, what string, do func() error) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		if err := do(); err != nil && ctx.Err() == nil {
			s.Log.Warn("some work could not go on and will be tried again", "work", what, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Syncer) advanceRun(ctx context.Context, tenant string) error {
	for more := true; more; {
		var err error
		if more, err = s.advance(ctx, tenant); err != nil {
			return err
		}
	}
	return nil
}

// advance takes one step of a tenant's run, in one transaction; more says that
// the next step can follow at once. A panic of the host's is an error: it must
// not end the process that embeds us.
func (s *Syncer) advance(ctx context.Context, tenant string) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.Log.Error("panic while a full sync went on", "client_id", tenant, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			more, err = false, errPanic
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, runPatience)
	defer cancel()
	err = s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		more = false
		run, found, err := s.runs.take(ctx, tx, tenant)
		if err != nil || !found {
			return err
		}
		switch run.Phase {
		case phaseWaiting:
			more, err = s.await(ctx, &run)
		case phaseListing:
			more, err = s.list(ctx, tx, &run)
		case phaseDelivering:
			err = s.watch(ctx, &run)
		}
		if err != nil {
			return err
		}
		return s.runs.store(ctx, tx, run)
	})
	if err == nil && more {
		s.Outbox.Wake(tenant)
	}
	return more, err
}

// await notes the transactions that began before the gate was open, and waits
// for their end: what they changed was not recorded, so the walk must come
// after them. One that goes on for long does not keep the walk from starting;
// it is repeated then.
func (s *Syncer) await(ctx context.Context, run *runRow) (more bool, err error) {
	now := s.Now()
	if !run.Fenced {
		fence, err := s.Outbox.RunningTransactions(ctx)
		if err != nil {
			return false, err
		}
		if run.Total, err = s.Source.Count(ctx, run.ClientID, run.lists()); err != nil {
			return false, err
		}
		run.Fence, run.Fenced, run.PhaseAt = fence, true, now
	}
	passed, err := s.Outbox.Passed(ctx, run.Fence)
	if err != nil {
		return false, err
	}
	if !passed && now.Sub(run.PhaseAt) < fencePatience {
		return false, nil
	}
	run.Again = !passed
	run.Phase, run.PhaseAt = phaseListing, now
	return true, nil
}

// list appends the next page of keys, unless enough wait already.
func (s *Syncer) list(ctx context.Context, tx bun.Tx, run *runRow) (more bool, err error) {
	backlog, err := s.Outbox.Backlog(ctx, run.ClientID)
	if err != nil {
		return false, err
	}
	if backlog.Backfill >= backfillAhead || backlog.Paused || s.poolLow(run.ClientID) {
		return false, nil
	}
	keys, err := s.Source.Keys(ctx, run.ClientID, run.lists(), run.Cursor, backfillPage)
	if err != nil {
		return false, err
	}
	missed, err := s.missed(ctx, tx, run, keys)
	if err != nil {
		return false, err
	}
	for page := range slices.Chunk(missed, backfillPage) {
		entries := make([]outbox.Entry, len(page))
		for i, key := range page {
			entries[i] = outbox.Entry{Tenant: run.ClientID, Lane: outbox.LaneBackfill, Kind: run.Kinds[0], Key: key}
		}
		if err := s.Outbox.Append(ctx, tx, entries...); err != nil {
			return false, err
		}
	}
	if len(keys) > 0 {
		run.Cursor = keys[len(keys)-1]
		run.Listed += len(keys)
	}
	if len(keys) < backfillPage {
		run.Phase, run.PhaseAt = phaseDelivering, s.Now()
	}
	return true, nil
}

// missed returns a page of the host's keys together with those that lie between
// them in what we remember of the portal, and that the host does not list: they
// were deleted while nothing was recorded or their part was off.
func (s *Syncer) missed(ctx context.Context, tx bun.Tx, run *runRow, keys []string) ([]string, error) {
	conn, err := s.Connections.Get(ctx, tx, run.ClientID)
	if err != nil {
		return nil, err
	}
	at, upTo := ledger.Place{ClientID: run.ClientID, PortalID: conn.PortalID}, ""
	if len(keys) == backfillPage {
		upTo = keys[len(keys)-1]
	}
	var known []string
	switch kind := run.Kinds[0]; kind {
	case kinds.Member, kinds.Organization:
		known, err = s.Links.Between(ctx, tx, at, kind, s.roads[kind].entity, run.Cursor, upTo)
	case kinds.Event:
		known, err = s.marketing.Ledger.Between(ctx, tx, at, run.Cursor, upTo)
	}
	if err != nil {
		return nil, err
	}
	return values.Union(keys, known), nil
}

// watch ends a run whose entries have all been looked at, or starts its second
// walk.
func (s *Syncer) watch(ctx context.Context, run *runRow) error {
	now := s.Now()
	if run.Again {
		passed, err := s.Outbox.Passed(ctx, run.Fence)
		if err != nil || !passed {
			return err
		}
		run.Again, run.Cursor, run.Listed = false, "", 0
		run.Phase, run.PhaseAt = phaseListing, now
		return nil
	}
	backlog, err := s.Outbox.Backlog(ctx, run.ClientID)
	if err != nil {
		return err
	}
	matched, err := s.matched(ctx, run)
	if err != nil {
		return err
	}
	switch {
	case backlog.Backfill > 0, !matched:
	case len(run.Kinds) > 1:
		// The next kind: the fence has passed, or has been waited for.
		run.behind()
		run.Kinds, run.Cursor, run.Listed = run.Kinds[1:], "", 0
		run.Phase, run.PhaseAt, run.KindAt = phaseListing, now, now
		if run.Total, err = s.Source.Count(ctx, run.ClientID, run.lists()); err != nil {
			return err
		}
	default:
		run.behind()
		run.Phase, run.PhaseAt, run.FinishedAt = phaseDone, now, &now
	}
	return nil
}

// poolLow reports whether the portal's calls of the day are used up to four
// fifths: what is left belongs to live changes and to the portal's other apps.
func (s *Syncer) poolLow(tenant string) bool {
	l, ok := s.portals.Peek(tenant)
	if !ok {
		return false
	}
	return poolLow(l.Client.Limits(), s.Now())
}

// poolBelieved is how long a portal's word on the calls of the day counts. No
// call may be made meanwhile that would tell of a new day; a page of members
// then asks again, at the price of a few calls.
const poolBelieved = 15 * time.Minute

func poolLow(l hubspot.Limits, now time.Time) bool {
	return l.Daily > 0 && l.DailyRemaining*5 < l.Daily && now.Sub(l.At) < poolBelieved
}

// matched reports whether a run may leave the organizations behind: each has its
// company, or waits for an admin. Contacts come later, for HubSpot can make
// companies of their addresses' domains by itself.
func (s *Syncer) matched(ctx context.Context, run *runRow) (bool, error) {
	if len(run.Kinds) == 0 || run.Kinds[0] != kinds.Organization {
		return true, nil
	}
	conn, err := s.Connections.Get(ctx, s.DB, run.ClientID)
	if err != nil {
		return false, err
	}
	if !s.optionsOn(ctx, run.ClientID).Companies {
		return true, nil // nobody looks for one any more
	}
	c, err := s.matching.Counts(ctx, s.DB, ledger.Place{ClientID: run.ClientID, PortalID: conn.PortalID})
	return c.Underway == 0, err
}
