package crmsync

import (
	"context"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
)

// desired is what the record shall hold: the values of the map, and the tags
// with their facts. What a write sends of it depends on the record; the
// fingerprint does not.
func (w *work) desired() map[string]string {
	out := maps.Clone(w.values)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, w.extra)
	return out
}

// decide works out, by the policies of the map, what is to be written to the
// record, and which of its properties must be read for that.
func (w *work) decide(origin propertymap.Origin) (reads []string) {
	w.decision = w.fields.Decide(w.values, propertymap.Record{
		Key: w.d.Key, Origin: origin, Sent: propertymap.ParseSent(w.known()), Asked: w.asked, Present: w.present,
	})
	w.props = maps.Clone(w.decision.Write)
	maps.Copy(w.props, w.extra)
	if origin == propertymap.Adopted && w.keepsEmail() {
		delete(w.props, values.PropEmail)
	}
	return w.decision.Read
}

// keepsEmail reports whether a contact that was there before us has the
// member's address already: found by it, as its primary one or a secondary, or
// told of it by our last settled write. Which address is the primary one is
// then theirs to say; opt-outs hang on it.
func (w *work) keepsEmail() bool {
	wants, told := w.decision.Fills[values.PropEmail], propertymap.ParseSent(w.known())[values.PropEmail]
	return w.holdsEmail || len(wants) == 1 && slices.Equal(wants, told)
}

// known are the entries of what we may have left in the record.
func (w *work) known() []string { return values.Union(w.prior.Sent, w.unconfirmed) }

// origin is how the member's linked record came to be.
func (w *work) origin() propertymap.Origin {
	if w.link.CreatedHere {
		return propertymap.CreatedBefore
	}
	return propertymap.Adopted
}

// fills are the entries of what the write leaves for us alone. Properties of the
// customer's that hold our tags are never cleared, and not among them.
func (w *work) fills() []string {
	out := w.decision.Fills.Entries()
	for name, v := range w.extra {
		if _, shared := w.tags.targets[name]; v != "" && !shared {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// left are the entries of what is ours in the record once HubSpot has confirmed
// the write. What it did not touch stays as it was.
func (w *work) left() []string {
	sent := w.decision.Sent
	if sent == nil {
		sent = propertymap.ParseSent(w.known())
	}
	for name, v := range w.extra {
		switch _, shared := w.tags.targets[name]; {
		case shared:
		case v != "":
			sent[name] = nil
		default:
			delete(sent, name)
		}
	}
	return sent.Entries()
}

// consult decides what is to be written to each member's record, and reads the
// records whose present values decide. It returns those that can be written.
func (p *pass) consult(ctx context.Context, works []*work) []*work {
	var some []*work
	names := map[string]bool{}
	for _, w := range works {
		reads := w.decide(w.origin())
		for _, name := range reads {
			names[name] = true
		}
		if len(reads) > 0 {
			some = append(some, w)
		}
	}
	if len(some) > 0 {
		asked := slices.Sorted(maps.Keys(names))
		hits, missing := p.readWith(ctx, some, "", func(w *work) string { return w.link.HubSpotID }, asked)
		for _, h := range hits {
			h.w.asked, h.w.present = values.Union(h.w.asked, asked), merged(h.w.present, h.rec.Properties)
			h.w.decide(h.w.origin())
		}
		for _, w := range missing {
			w.step = stepLost
		}
	}
	p.lookShared(ctx, works)
	// Who could not be read has been settled for another try.
	return slices.DeleteFunc(works, func(w *work) bool { return w.step != stepUpdate || p.Ended() })
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, b)
	return out
}
