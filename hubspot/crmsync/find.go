package crmsync

import (
	"context"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// hit is a record that HubSpot returned for a member.
type hit struct {
	w   *work
	rec hubspot.Record
}

// find decides for members without a link whether HubSpot has their contact:
// by member id first, then by email, primary and secondary. Each is then due
// for an update (adopted), a create, or frozen as a collision.
// The error is the database's, never HubSpot's.
func (p *pass) find(ctx context.Context, works []*work) error {
	for _, w := range works {
		w.sought = true
	}
	hits, rest := p.read(ctx, works, p.road.idProperty, func(w *work) string { return w.d.Key })
	if err := p.claim(ctx, hits); err != nil {
		return err
	}
	var byEmail, byID, unmatched []*work
	for _, w := range rest {
		switch {
		case w.gone:
			w.exclude(verdict.MemberDeleted)
		case w.why != "":
			w.exclude(w.why)
		case p.road.email && strings.Contains(w.who.address, "@"):
			byEmail = append(byEmail, w)
		case p.road.kind == kinds.Organization && !w.raced:
			unmatched = append(unmatched, w)
		default:
			w.step = stepCreate
		}
	}
	if err := p.match(ctx, unmatched); err != nil {
		return err
	}
	hits, rest = p.read(ctx, byEmail, values.PropEmail, func(w *work) string { return w.who.address })
	if err := p.claim(ctx, hits); err != nil {
		return err
	}
	for _, w := range rest {
		if w.raced && w.existing != "" {
			byID = append(byID, w)
		} else {
			w.step = stepCreate
		}
	}
	hits, rest = p.read(ctx, byID, "", func(w *work) string { return w.existing })
	for _, w := range rest {
		w.step = stepCreate
	}
	for _, h := range hits {
		// HubSpot said that this record stands in the way. Only its address makes it the member's.
		if !holds(h.rec, h.w.who.address) && !p.road.ours(h.w.d.Key, h.rec) {
			h.w.collide(verdict.Collision, h.rec.ID)
		}
	}
	return p.claim(ctx, hits)
}

// read asks HubSpot for the members' records by one id property ("" = record
// id) and returns those found and those that HubSpot says it does not have. A
// member that the reply does not mention is settled for another try.
func (p *pass) read(ctx context.Context, works []*work, idProperty string, id func(*work) string) (hits []hit, missing []*work) {
	return p.readWith(ctx, works, idProperty, id, values.Union(p.road.identity(), p.fields.Reads(propertymap.Adopted, nil)))
}

func (p *pass) readWith(ctx context.Context, works []*work, idProperty string, id func(*work) string, properties []string) (hits []hit, missing []*work) {
	if len(works) == 0 {
		return nil, nil
	}
	ids := make([]string, 0, len(works))
	seen := map[string]bool{}
	for _, w := range works {
		if v := id(w); !seen[v] {
			seen[v] = true
			ids = append(ids, v)
		}
	}
	var result hubspot.ReadResult
	ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
		result, err = p.Portal.Client.BatchRead(ctx, p.road.object, hubspot.BatchRead{
			IDProperty: idProperty, IDs: ids, Properties: properties,
		})
		return err
	})
	if !ok {
		return nil, nil
	}
	if err != nil {
		return p.readHalves(ctx, works, idProperty, id, properties, err)
	}
	p.Refusals = carry.RefusalCount{}
	absent := map[string]bool{}
	for _, v := range result.Missing {
		absent[v] = true
	}
	for _, w := range works {
		rec, found := result.Find(id(w))
		switch {
		case found:
			hits = append(hits, hit{w, rec})
		case absent[id(w)]:
			missing = append(missing, w)
		case result.Failed[id(w)] != nil:
			w.Fail(verdict.Read(result.Failed[id(w)]))
		default:
			w.Fail(verdict.Failure{Code: verdict.Unconfirmed})
		}
	}
	return hits, missing
}

// keyGone reports whether somebody has archived the property of our key since the
// schema was read; HubSpot refuses to read by it without saying why. It is made
// again with the next pass.
func (p *pass) keyGone(ctx context.Context) bool {
	if p.keyAsked {
		return false
	}
	p.keyAsked = true
	var got hubspot.Property
	ok, err := p.Call(ctx, func(ctx context.Context) (err error) {
		got, err = p.Portal.Client.Property(ctx, p.road.object, p.road.idProperty)
		return err
	})
	gone := ok && (hubspot.IsNotFound(err) || err == nil && got.Archived)
	if gone {
		p.Portal.DoubtSchemas()
	}
	return gone
}

// readHalves bisects a read that HubSpot refuses as a whole.
func (p *pass) readHalves(ctx context.Context, works []*work, idProperty string, id func(*work) string, properties []string, err error) ([]hit, []*work) {
	f := verdict.Read(err)
	switch {
	case idProperty == p.road.idProperty && hubspot.IsValidation(err) && p.keyGone(ctx):
		for _, w := range works {
			w.Fail(verdict.Failure{Code: verdict.NoProperty, After: propertyRest, Properties: []string{idProperty}, Correlation: f.Correlation})
		}
		return nil, nil
	case len(works) == 1, !f.Bisect:
		p.Refusals.Add(err)
		for _, w := range works {
			w.Fail(f)
		}
		return nil, nil
	case p.Refusals.Hopeless():
		carry.GiveUp(works)
		return nil, nil
	}
	half := len(works) / 2
	hits, missing := p.readWith(ctx, works[:half], idProperty, id, properties)
	h, m := p.readWith(ctx, works[half:], idProperty, id, properties)
	return append(hits, h...), append(missing, m...)
}

// claim gives each found record to its member, or freezes the member. A record
// that two members match goes to the one whose primary address it is.
func (p *pass) claim(ctx context.Context, hits []hit) error {
	if len(hits) == 0 {
		return nil
	}
	ids := make([]string, len(hits))
	rival := map[string]*work{}
	taken := map[*work]bool{}
	for i, h := range hits {
		ids[i] = h.rec.ID
		primary := values.NormalEmail(h.rec.Properties[values.PropEmail]) == h.w.who.address
		if first := rival[h.rec.ID]; first == nil || p.road.ours(h.w.d.Key, h.rec) || primary && !p.road.ours(first.d.Key, h.rec) {
			rival[h.rec.ID] = h.w
		}
	}
	for _, h := range hits {
		if h.w.step != stepDone && rival[h.rec.ID] == h.w {
			taken[h.w] = p.reserve(h.rec.ID, h.w.d.Key)
		}
	}
	holders, err := p.holders(ctx, hits)
	if err != nil {
		return err
	}
	for _, h := range hits {
		switch by := holders[h.w]; {
		case h.w.step == stepDone:
		case rival[h.rec.ID] != h.w, by.stands(h.w):
			h.w.collide(verdict.Collision, h.rec.ID)
		case !taken[h.w]:
			h.w.retry(verdict.Conflict)
		case p.awaits(by, h.w):
		default:
			p.takeOver(by, h)
			h.w.adopt(h.rec.ID, false)
			h.w.holdsEmail = holds(h.rec, h.w.who.address) && !h.w.formersEmail()
			h.w.asked, h.w.present = p.fields.Reads(propertymap.Adopted, nil), h.rec.Properties
		}
	}
	return nil
}

// reserve claims a record for a member of this pass against the tenant's other
// passes that run at the same time. Those that ended before have a link to it.
func (p *pass) reserve(id, key string) bool {
	return p.Portal.Reserved.Take(string(p.road.object)+":"+id, carry.Holder{Pass: p.Portal, Key: key})
}
