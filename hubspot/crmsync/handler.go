package crmsync

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Handle takes one message of outbox.TopicBatches from load to settle. It
// never returns an error: what failed is an outcome, and a batch that could
// not be settled is delivered again by the outbox.
func (s *Syncer) Handle(msg *message.Message) error {
	b, err := outbox.FromMessage(msg)
	if err != nil {
		s.Log.Error("a message is no batch of the outbox", "error", err)
		return nil
	}
	ctx := msg.Context()
	if err := s.deliver(ctx, b); err != nil {
		s.Log.Warn("batch is not settled and will be delivered again",
			"client_id", b.Tenant, "kind", b.Kind, "deliveries", len(b.Deliveries), "error", err)
	}
	return nil
}

func (s *Syncer) deliver(ctx context.Context, b outbox.Batch) error {
	c, ok := s.carriers[b.Kind]
	if !ok { // the outbox takes only kinds of ours
		return fmt.Errorf("crmsync: no carrier for kind %q", b.Kind)
	}
	portal, err := s.portals.Of(ctx, b.Tenant)
	switch {
	case errors.Is(err, integration.ErrNotConnected):
		return s.Outbox.Settle(ctx, b, all(b, outbox.Snooze()))
	case errors.Is(err, carry.ErrKeySealed):
		st := all(b, outbox.Snooze())
		st.Park = &outbox.Park{Class: verdict.ClassTenant, Reason: string(verdict.Sealed)}
		return s.Outbox.Settle(ctx, b, st)
	case err != nil:
		return s.later(ctx, b, err)
	}
	if why := c.off(portal.Options); why != "" {
		return s.Outbox.Settle(ctx, b, all(b, outbox.Discard(why)))
	}
	defer portal.Reserved.Release(portal)
	r, err := s.attempt(ctx, c, b, portal)
	switch {
	case err != nil && !portal.Begun(b):
		return s.later(ctx, b, err)
	case err != nil:
		return err
	}
	if err := s.settle(ctx, b, portal, r); err != nil {
		return err
	}
	portal.Settled(b)
	return nil
}

// later leaves a batch for which nothing has been called where it is, because
// of a fault that is none of its members': without a settlement the outbox would count it against each of
// them, and hold them for a person in the end.
func (s *Syncer) later(ctx context.Context, b outbox.Batch, why error) error {
	return errors.Join(why, s.Outbox.Settle(ctx, b, all(b, outbox.Snooze())))
}

// all gives every delivery of a batch the same outcome.
func all(b outbox.Batch, o outbox.Outcome) outbox.Settlement {
	return outbox.Settlement{Outcomes: carry.Same(b, o).Outcomes}
}

// attempt carries the batch. If that panics, its deliveries are tried one by
// one, so that the one at fault is set aside alone.
func (s *Syncer) attempt(ctx context.Context, c carrier, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	r, err := s.safely(ctx, c, b, portal)
	if !errors.Is(err, errPanic) {
		return r, err
	}
	var whole carry.Result
	for _, d := range b.Deliveries {
		one := b
		one.Deliveries = []outbox.Delivery{d}
		r, err := s.safely(ctx, c, one, portal)
		switch {
		case errors.Is(err, errPanic):
			whole.Join(s.panicked(b.Kind, d))
		case err != nil:
			return carry.Result{}, err
		default:
			whole.Join(r)
		}
	}
	return whole, nil
}

// panicked holds a delivery that the integration itself fails on.
func (s *Syncer) panicked(kind string, d outbox.Delivery) carry.Result {
	r := carry.Result{Outcomes: []outbox.Outcome{outbox.Hold(verdict.ClassBug, string(verdict.Panic))}}
	if entity := s.entityOf(kind); entity != "" {
		r.Records = []ledger.Entry{{Entity: entity, Key: d.Key, Record: ledger.Record{Status: integration.SyncFailed, Code: verdict.Panic}}}
	}
	return r
}

// entityOf is the type of the sync records of a kind.
func (s *Syncer) entityOf(kind string) string {
	switch kind {
	case kinds.Activity:
		return kinds.EntityActivity
	case kinds.Ticket:
		return kinds.EntityNote
	case kinds.Event:
		return kinds.EntityEvent
	case kinds.Attendance:
		return kinds.EntityAttendance
	case kinds.CustomEvent:
		return kinds.EntityCustomEvent
	case kinds.Association:
		return kinds.EntityAssociation
	}
	if road := s.roads[kind]; road != nil {
		return road.entity
	}
	return ""
}

var errPanic = errors.New("crmsync: panic")

func (s *Syncer) safely(ctx context.Context, c carrier, b outbox.Batch, portal *carry.Portal) (out carry.Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.Log.Error("panic while a batch was delivered", "client_id", b.Tenant, "kind", b.Kind, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			out, err = carry.Result{}, errPanic
		}
	}()
	return c.by(s)(ctx, b, portal)
}

// settle writes what came of a batch and gives the outbox its outcomes, in one
// transaction that the claim fences.
func (s *Syncer) settle(ctx context.Context, b outbox.Batch, portal *carry.Portal, r carry.Result) error {
	now := s.Now()
	st := outbox.Settlement{Outcomes: r.Outcomes}
	if r.Stop != nil && r.Stop.Hold && s.replaced(ctx, b, portal) {
		r.Stop = nil
	}
	if r.Stop != nil {
		failures := 0
		if r.Stop.Code != verdict.Busy {
			failures = portal.Failed(now)
		}
		st.Park = r.Stop.Park(now, failures)
		s.Log.Warn("sending is stopped", "client_id", b.Tenant, "code", string(r.Stop.Code),
			"until", st.Park.Until.Format(time.RFC3339), "correlation_id", r.Stop.Correlation)
	}
	st.Apply = func(ctx context.Context, tx bun.Tx) error {
		for _, apply := range r.Apply {
			if err := apply(ctx, tx, now); err != nil {
				return err
			}
		}
		if r.Stop != nil {
			if err := s.Connections.Note(ctx, tx, b.Tenant, *r.Stop, now); err != nil {
				return err
			}
		}
		return s.Records.Save(ctx, tx, portal.Place, r.Records, now)
	}
	return s.Outbox.Settle(ctx, b, st)
}

// replaced reports whether the key was replaced while the batch was under way:
// what HubSpot said of the old one must not stop the tenant for good.
func (s *Syncer) replaced(ctx context.Context, b outbox.Batch, portal *carry.Portal) bool {
	now, err := s.portals.Of(ctx, b.Tenant)
	return err == nil && !now.SameKey(portal)
}
