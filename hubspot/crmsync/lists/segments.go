package lists

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// segmentPass takes a batch of members' contacts into static lists and out of
// them.
type segmentPass struct {
	*carry.Outing
	s       *Carrier
	works   []*segmentWork
	lists   map[string]Row // ready to be written, by tag
	unsure  map[*segmentWork][]ticket
	doubted []settings.ListKey // lists that HubSpot no longer has
	refused []Row              // lists that HubSpot does not let us write
}

// ticket is a passenger whom HubSpot's reply does not mention.
type ticket struct {
	passenger
	listID string
	doubt  bool // an earlier attempt of the call may have been carried out
}

// CarrySegments carries a batch of the kind segment. Its deliveries follow from
// the settlement of their members, when a tag with a static list has changed.
func (s *Carrier) CarrySegments(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error) {
	p := &segmentPass{s: s, Outing: &carry.Outing{Base: s.Base, Batch: b, Portal: portal}, unsure: map[*segmentWork][]ticket{}}
	if err := p.prepare(ctx); err != nil {
		return carry.Result{}, err
	}
	if len(p.lists) == 0 {
		return carry.Same(b, outbox.Discard("no static list is ready")), nil
	}
	portal.Begin(b)
	for _, ride := range planRides(p.works, p.lists) {
		p.ride(ctx, ride)
	}
	p.prove(ctx)
	if p.Lost != nil {
		return carry.Result{}, p.Lost
	}
	if err := p.note(ctx); err != nil {
		return carry.Result{}, err
	}
	return p.result(), nil
}

// note stores which lists cannot be written.
func (p *segmentPass) note(ctx context.Context) error {
	if len(p.refused)+len(p.doubted) == 0 {
		return nil
	}
	s, at := p.s, p.Portal.Place
	return s.noteLists(ctx, at, p.refused, func(ctx context.Context, tx bun.Tx, _ time.Time) error {
		for _, k := range p.doubted {
			if err := s.Store.doubt(ctx, tx, at, k); err != nil {
				return err
			}
		}
		if len(p.doubted) == 0 {
			return nil
		}
		return s.Outbox.Append(ctx, tx, listsEntry(at.ClientID))
	})
}

// prepare loads what is stored.
func (p *segmentPass) prepare(ctx context.Context) error {
	at, keys := p.Portal.Place, p.Keys()
	stored, err := p.s.Store.Load(ctx, p.s.DB, at)
	if err != nil {
		return err
	}
	p.lists = map[string]Row{}
	var tags []string
	for _, w := range p.Portal.Options.WantedLists() {
		if row := stored[w.Key()]; w.Mode == settings.ListStatic && row.usable() {
			p.lists[w.Tag.Slug] = row
			tags = append(tags, w.Tag.Slug)
		}
	}
	if len(tags) == 0 {
		return nil
	}
	links, err := p.s.Links.Load(ctx, at, kinds.Member, keys)
	if err != nil {
		return err
	}
	seats, err := p.s.Store.seats(ctx, p.s.DB, at, keys, tags)
	if err != nil {
		return err
	}
	by := map[string]*segmentWork{}
	for _, d := range p.Batch.Deliveries {
		w := &segmentWork{d: d, doubt: p.Portal.Doubtful(d)}
		if l := links[d.Key]; !l.Lost {
			w.contact = l.HubSpotID
		}
		p.works, by[d.Key] = append(p.works, w), w
	}
	for _, s := range seats {
		if w := by[s.MemberID]; w != nil {
			w.seats = append(w.seats, s)
		}
	}
	return nil
}

// ride makes one call and reads its reply by id.
func (p *segmentPass) ride(ctx context.Context, r listRide) {
	all := r.passengers()
	if p.Ended() {
		for _, one := range all {
			one.w.open = true
		}
		return
	}
	var reply hubspot.MemberResult
	err := ask(ctx, p.Outing, func(ctx context.Context) (err error) {
		reply, err = p.Portal.Client.ChangeMembers(ctx, r.listID, contacts(r.in), contacts(r.out))
		return err
	})
	if err != nil || p.Ended() {
		p.refuse(r, err)
		return
	}
	for _, one := range all {
		id := one.w.contact
		switch {
		case one.in && slices.Contains(reply.Added, id):
			one.done(r.listID, true)
		case !one.in && slices.Contains(reply.Removed, id):
			one.done("", false)
		case slices.Contains(reply.Missing, id):
			p.missed(one)
		default:
			p.unsure[one.w] = append(p.unsure[one.w], ticket{one, r.listID, reply.Doubt})
		}
	}
}

// refuse settles the passengers of a call that came to nothing. If the list is
// to blame, whoever was kept out is looked at again when it is well.
func (p *segmentPass) refuse(r listRide, err error) {
	state, ours := listTrouble(err)
	if err != nil && hubspot.OutcomeUnknown(err) {
		for _, one := range r.in {
			one.perhaps()
		}
	}
	switch {
	case ours && state == listDeleted:
		p.doubted = append(p.doubted, r.key)
	case ours:
		row, _ := p.lists[r.key.Tag].troubled(err)
		row.Looked = row.Asked
		p.refused = append(p.refused, row)
	default:
		for _, one := range r.passengers() {
			one.w.open = true
		}
	}
}

// missed settles a passenger whose contact HubSpot does not have: whoever was
// to leave is out. For the others the member finds out what became of it.
func (p *segmentPass) missed(one passenger) {
	if !one.in {
		one.done("", false)
		return
	}
	one.w.missing = true
}

// prove asks, contact by contact, for those whom a reply did not mention:
// HubSpot is silent about a contact that was in the list already, and about one
// that it forgot.
func (p *segmentPass) prove(ctx context.Context) {
	for _, w := range p.works {
		tickets := p.unsure[w]
		if len(tickets) == 0 {
			continue
		}
		var in []string
		err := ask(ctx, p.Outing, func(ctx context.Context) (err error) {
			in, err = p.Portal.Client.ListsOf(ctx, hubspot.Contacts, w.contact)
			return err
		})
		for _, t := range tickets {
			there := slices.Contains(in, t.listID)
			switch {
			case hubspot.IsNotFound(err):
				// Merged: the call may have reached the contact that it became.
				t.perhaps()
				p.missed(t.passenger)
			case err != nil || p.Ended():
				t.perhaps()
				w.open = true
			case t.in && there:
				// Somebody else put it in, unless a call of ours perhaps did.
				t.done(t.listID, t.doubt || t.maybe())
			case !t.in && !there:
				t.done("", false)
			default:
				t.perhaps()
				w.open = true
			}
		}
	}
}

// result is what the pass has learnt.
func (p *segmentPass) result() carry.Result {
	r := carry.Result{Stop: p.Stop, Outcomes: make([]outbox.Outcome, len(p.works))}
	var changed []seat
	var ask []string // members whose contact may be gone
	for i, w := range p.works {
		changed = append(changed, w.changed...)
		switch {
		case w.contact == "":
			r.Outcomes[i] = outbox.Discard("no contact")
		case w.open && p.Stop != nil:
			r.Outcomes[i] = outbox.Snooze()
		case w.open:
			r.Outcomes[i] = outbox.Retry(verdict.ClassTransient, string(verdict.Unconfirmed), 0)
		case w.missing && w.d.Attempt == 0:
			ask = append(ask, w.d.Key)
			r.Outcomes[i] = outbox.Retry(verdict.ClassTransient, string(verdict.Unconfirmed), missingPause)
		case w.missing:
			r.Outcomes[i] = outbox.Discard("HubSpot has no such contact for lists")
		default:
			r.Outcomes[i] = outbox.Delivered()
		}
	}
	r.Apply = append(r.Apply, func(ctx context.Context, tx bun.Tx, _ time.Time) error { return p.apply(ctx, tx, changed, ask) })
	return r
}

// missingPause leaves the member the time to find its contact.
const missingPause = 5 * time.Second

func (p *segmentPass) apply(ctx context.Context, tx bun.Tx, changed []seat, ask []string) error {
	s, at := p.s, p.Portal.Place
	if err := s.Store.seated(ctx, tx, at, changed); err != nil {
		return err
	}
	if err := s.Links.ForgetFingerprints(ctx, tx, at, kinds.Member, ask); err != nil {
		return err
	}
	return s.Outbox.Append(ctx, tx, carry.LiveEntries(at.ClientID, kinds.Member, ask)...)
}
