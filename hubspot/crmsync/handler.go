package crmsync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Handle takes one message of outbox.TopicBatches from load to settle. It
// never returns an error: what failed is an outcome, and a batch that could
// not be settled is delivered again by the outbox.
func (s *Syncer) Handle(msg *message.Message) error {
	b, err := outbox.FromMessage(msg)
	if err != nil {
		s.log.Error("a message is no batch of the outbox", "error", err)
		return nil
	}
	ctx := msg.Context()
	if err := s.deliver(ctx, b); err != nil {
		s.log.Warn("batch is not settled and will be delivered again",
			"client_id", b.Tenant, "kind", b.Kind, "deliveries", len(b.Deliveries), "error", err)
	}
	return nil
}

func (s *Syncer) deliver(ctx context.Context, b outbox.Batch) error {
	portal, err := s.portals.of(ctx, b.Tenant)
	switch {
	case errors.Is(err, integration.ErrNotConnected):
		return s.outbox.Settle(ctx, b, all(b, outbox.Snooze()))
	case errors.Is(err, errKeySealed):
		st := all(b, outbox.Snooze())
		st.Park = &outbox.Park{Class: classTenant, Reason: string(codeSealed)}
		return s.outbox.Settle(ctx, b, st)
	case err != nil:
		return s.later(ctx, b, err)
	case !portal.contacts:
		return s.outbox.Settle(ctx, b, all(b, outbox.Discard("sync contacts is off")))
	}
	keys := make([]string, len(b.Deliveries))
	for i, d := range b.Deliveries {
		keys[i] = d.Key
	}
	defer portal.reserved.release(portal)
	p, err := s.attempt(ctx, b, portal)
	if err != nil {
		return err
	}
	if err := s.settle(ctx, p); err != nil {
		return err
	}
	portal.settled(keys)
	return nil
}

// later leaves a batch for which nothing has been called where it is, because
// of a fault that is none of its members': without a settlement the outbox would count it against each of
// them, and hold them for a person in the end.
func (s *Syncer) later(ctx context.Context, b outbox.Batch, why error) error {
	return errors.Join(why, s.outbox.Settle(ctx, b, all(b, outbox.Snooze())))
}

// all gives every delivery of a batch the same outcome.
func all(b outbox.Batch, o outbox.Outcome) outbox.Settlement {
	out := make([]outbox.Outcome, len(b.Deliveries))
	for i := range out {
		out[i] = o
	}
	return outbox.Settlement{Outcomes: out}
}

// attempt runs a pass over the batch. If it panics, its members are tried one
// by one, so that the one at fault is set aside alone.
func (s *Syncer) attempt(ctx context.Context, b outbox.Batch, portal *Portal) (*pass, error) {
	p, err := s.safely(ctx, b, portal)
	if !errors.Is(err, errPanic) {
		return p, err
	}
	whole := &pass{s: s, batch: b, portal: portal}
	for _, d := range b.Deliveries {
		one := b
		one.Deliveries = []outbox.Delivery{d}
		p, err := s.safely(ctx, one, portal)
		switch {
		case errors.Is(err, errPanic):
			w := &work{d: d}
			w.hold(codePanic, "")
			w.outcome.Class = classBug
			whole.works = append(whole.works, w)
			continue
		case err != nil:
			return nil, err
		}
		whole.works = append(whole.works, p.works...)
		whole.resend = append(whole.resend, p.resend...)
		if p.stop != nil {
			whole.stop = p.stop
		}
	}
	return whole, nil
}

var errPanic = errors.New("crmsync: panic")

func (s *Syncer) safely(ctx context.Context, b outbox.Batch, portal *Portal) (p *pass, err error) {
	defer func() {
		if r := recover(); r != nil {
			// The value may quote data: its type is enough, the stack says where.
			s.log.Error("panic while a batch was delivered", "client_id", b.Tenant, "panic_type", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			p, err = nil, errPanic
		}
	}()
	return s.pass(ctx, b, portal)
}

// pass loads, plans and calls. The error means that nothing may be settled.
func (s *Syncer) pass(ctx context.Context, b outbox.Batch, portal *Portal) (*pass, error) {
	keys := make([]string, len(b.Deliveries))
	for i, d := range b.Deliveries {
		keys[i] = d.Key
	}
	links, err := s.links.load(ctx, portal.place, b.Kind, keys)
	if err != nil {
		return nil, err
	}
	unconfirmed, err := s.links.unconfirmedOf(ctx, portal.place, b.Kind, keys)
	if err != nil {
		return nil, err
	}
	loaded, err := s.load(ctx, b)
	if err != nil {
		s.log.Warn("the host could not read members", "client_id", b.Tenant, "error", err)
		loaded = nil // no answer: every member is tried again
	}
	p := &pass{s: s, batch: b, portal: portal}
	p.works = plan(b.Deliveries, links, loaded, epoch{portal.epoch, portal.doubtful, unconfirmed})
	if tooManyGone(p.works) && !s.now().Before(portal.goneAccepted) {
		for _, w := range p.works {
			w.step, w.outcome, w.record = stepDone, outbox.Snooze(), record{}
		}
		p.stop = &failure{code: codeManyGone, tenant: true, hold: true}
		return p, nil
	}
	portal.begin(keys)
	return p, p.run(ctx)
}

// tooManyGone recognises a host query that has lost its mind: one such batch
// must not empty a portal.
func tooManyGone(works []*work) bool {
	gone := 0
	for _, w := range works {
		if w.gone {
			gone++
		}
	}
	return gone > 20 && gone*5 > len(works)
}

// settle writes what the pass learnt and gives the outbox its outcomes, in one
// transaction that the claim fences.
func (s *Syncer) settle(ctx context.Context, p *pass) error {
	now := s.now()
	st := outbox.Settlement{
		Outcomes: make([]outbox.Outcome, len(p.works)),
		Apply:    func(ctx context.Context, tx bun.Tx) error { return s.apply(ctx, tx, p, now) },
	}
	for i, w := range p.works {
		st.Outcomes[i] = w.outcome
	}
	if p.stop != nil && p.stop.hold && s.replaced(ctx, p) {
		p.stop = nil
	}
	if p.stop != nil {
		failures := 0
		if p.stop.code != codeBusy {
			failures = p.portal.failed(now)
		}
		st.Park = p.stop.park(now, failures)
		s.log.Warn("sending is stopped", "client_id", p.batch.Tenant, "code", string(p.stop.code),
			"until", st.Park.Until.Format(time.RFC3339), "correlation_id", p.stop.correlation)
	}
	return s.outbox.Settle(ctx, p.batch, st)
}

// replaced reports whether the key was replaced while the pass was under way:
// what HubSpot said of the old one must not stop the tenant for good.
func (s *Syncer) replaced(ctx context.Context, p *pass) bool {
	now, err := s.portals.of(ctx, p.batch.Tenant)
	return err == nil && now.live != p.portal.live
}

func (s *Syncer) apply(ctx context.Context, tx bun.Tx, p *pass, now time.Time) error {
	var links [2][]link // whose fingerprint was not known, and known
	var forget []string
	for _, r := range p.resend {
		forget = append(forget, r.owner)
	}
	for _, w := range p.works {
		switch {
		case w.unknown:
			forget = append(forget, w.d.Key)
			if w.prior.HubSpotID == "" && w.link.HubSpotID != "" {
				// Whose record it is has been decided, whatever came of the write.
				w.link.Sent = union(w.link.Sent, filled(w.props))
				links[0] = append(links[0], w.link)
			}
			continue
		case w.announced && w.record.status != integration.SyncSynced:
			w.link.Sent = w.sent // the call was not made, or refused
		}
		if w.link.HubSpotID != "" && !sameLink(w.link, w.prior) {
			known := 0
			if w.prior.Fingerprint != nil {
				known = 1
			}
			links[known] = append(links[known], w.link)
		}
	}
	for known, list := range links {
		if err := s.links.save(ctx, tx, p.portal.place, kindMember, list, known == 1, now); err != nil {
			return err
		}
	}
	if err := s.links.forgetFingerprints(ctx, tx, p.portal.place, kindMember, forget); err != nil {
		return err
	}
	if err := s.links.confirm(ctx, tx, p.portal.place, kindMember, p.known()); err != nil {
		return err
	}
	for _, r := range p.resend {
		if err := s.links.widen(ctx, tx, p.portal.place, kindMember, map[string][]string{r.owner: r.names}); err != nil {
			return err
		}
		e := outbox.Entry{Tenant: p.batch.Tenant, Lane: outbox.LaneLive, Kind: kindMember, Key: r.owner}
		if err := s.outbox.Append(ctx, tx, e); err != nil {
			return err
		}
	}
	if p.stop != nil {
		if err := s.connections.note(ctx, tx, p.batch.Tenant, *p.stop, now); err != nil {
			return err
		}
	}
	return s.records.save(ctx, tx, p.portal.place, p.works, now)
}

func sameLink(a, b link) bool {
	return a.HubSpotID == b.HubSpotID && a.Lost == b.Lost && a.CreatedHere == b.CreatedHere &&
		bytes.Equal(a.Fingerprint, b.Fingerprint) && slices.Equal(a.Sent, b.Sent)
}
