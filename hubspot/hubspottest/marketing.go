package hubspottest

import (
	"cmp"
	"slices"
	"time"
)

// The states of a contact in a marketing event, as HubSpot shows them.
const (
	registered = "REGISTERED"
	attended   = "ATTENDED"
	cancelled  = "CANCELLED"
)

// stateOf translates the word in a path.
func stateOf(subscriberState string) (string, bool) {
	switch subscriberState {
	case "register":
		return registered, true
	case "attend":
		return attended, true
	case "cancel":
		return cancelled, true
	}
	return "", false
}

// marketingEvent is one event, keyed by the account and the id that the system outside
// gave it.
type marketingEvent struct {
	id                   string
	fields               marketingFields
	createdAt, updatedAt time.Time
	parts                map[string]*participation // by contact id
}

// participation is what is known of one contact at one event. The state is that of the
// latest interaction, whenever it was reported.
type participation struct {
	state            string
	at               time.Time
	joined, left     string
	registered, came bool // ever
}

// note takes in one interaction.
func (p *participation) note(state string, at time.Time, joined, left string) {
	p.registered = p.registered || state == registered
	if state == attended {
		p.came = true
		p.joined, p.left = cmp.Or(joined, p.joined), cmp.Or(left, p.left)
	}
	if p.state == "" || !at.Before(p.at) {
		p.state, p.at = state, at
	}
}

func (p *PortalState) marketingEvent(account, event string) *marketingEvent {
	for _, e := range p.shows {
		if e.fields.Account == account && e.fields.Event == event {
			return e
		}
	}
	return nil
}

// MarketingEvent is a marketing event as a person sees it.
type MarketingEvent struct {
	ID                string
	ExternalAccountID string
	ExternalEventID   string
	Name              string
	Organizer         string
	Type              string
	Description       string
	URL               string
	Start, End        string // as they were sent
	Cancelled         bool
	Completed         bool
	Participants      []Participant // sorted by contact
}

// Participant is a contact at a marketing event. JoinedAt and LeftAt are as they were sent.
type Participant struct {
	ContactID        string
	State            string // REGISTERED, ATTENDED, CANCELLED
	At               time.Time
	JoinedAt, LeftAt string
}

// MarketingEvents answers the marketing events in the order of their creation. Contacts
// that were merged appear as the survivor, with the latest of what they did; one that is
// gone is left out.
func (p *PortalState) MarketingEvents() []MarketingEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.mustObjects("contacts")
	out := []MarketingEvent{}
	for _, e := range p.shows {
		seen := e.seen()
		one := map[string]*participation{} // the survivor of a merge has the latest of both
		for id, part := range e.parts {
			if r := o.get(id); r != nil && (one[r.id] == nil || one[r.id].at.Before(part.at)) {
				one[r.id] = part
			}
		}
		for id, part := range one {
			seen.Participants = append(seen.Participants, Participant{id, part.state, part.at, part.joined, part.left})
		}
		slices.SortFunc(seen.Participants, func(a, b Participant) int { return compareIDs(a.ContactID, b.ContactID) })
		out = append(out, seen)
	}
	return out
}

// seen is the event without its participants.
func (e *marketingEvent) seen() MarketingEvent {
	f := e.fields
	return MarketingEvent{
		ID: e.id, ExternalAccountID: f.Account, ExternalEventID: f.Event, Name: f.Name, Organizer: f.Organizer, Type: f.Type,
		Description: f.Description, URL: f.URL, Start: f.Start, End: f.End, Cancelled: isSet(f.Cancelled), Completed: isSet(f.Completed),
	}
}

// EditMarketingEvent changes the texts of an event and whether it is cancelled or
// completed, as a person does. It panics if there is none.
func (p *PortalState) EditMarketingEvent(id string, edit func(*MarketingEvent)) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.shows[p.mustMarketing(id)]
	seen := e.seen()
	edit(&seen)
	f := &e.fields
	f.Name, f.Organizer, f.Type, f.Description, f.URL = seen.Name, seen.Organizer, seen.Type, seen.Description, seen.URL
	f.Cancelled, f.Completed = &seen.Cancelled, &seen.Completed
	e.updatedAt = p.sim.now()
}

// DeleteMarketingEvent deletes an event with everything about it, as a person does. It
// panics if there is none.
func (p *PortalState) DeleteMarketingEvent(id string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	i := p.mustMarketing(id)
	p.shows = slices.Delete(p.shows, i, i+1)
}

func (p *PortalState) mustMarketing(id string) int {
	i := slices.IndexFunc(p.shows, func(e *marketingEvent) bool { return e.id == id })
	if i < 0 {
		panic("hubspottest: no marketing event " + id)
	}
	return i
}

func isSet(b *bool) bool { return b != nil && *b }
