package hubspottest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of custom events. https://developers.hubspot.com/docs/api-reference/latest/events/send-event-data/guide
const (
	maxEvents       = 500 // definitions of an account
	maxEventProps   = 50  // of an event
	maxEventValue   = 256 // characters
	maxEventAddress = 1_024
	maxEventBatch   = 500
)

// eventStore holds the definitions and occurrences of custom events.
type eventStore struct {
	types []*eventType
	spent map[string]bool // names of deleted definitions: never to be used again
	seen  map[string]bool // uuids, each with its event type
	all   []Event
}

// eventType is one definition; the full name is what occurrences go by.
type eventType struct {
	id, name, full     string
	label, description string
	object             *objects
	props              []property
	createdAt          time.Time
}

// Event is an occurrence of a custom event as a person sees it.
type Event struct {
	Name       string // fully qualified, such as pe123_renewed
	UUID       string
	ObjectID   string // the live record it belongs to; empty if it matches none
	At         time.Time
	Properties map[string]string
}

// Events answers the occurrences of custom events in the order of their arrival.
func (p *PortalState) Events() []Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Event{}
	for _, e := range p.events.all {
		e.Properties = maps.Clone(e.Properties)
		out = append(out, e)
	}
	return out
}

// DeleteEventDefinition deletes a definition, as a person does: its name can never be
// used again. It panics if there is none.
// https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
func (p *PortalState) DeleteEventDefinition(name string) {
	defer p.sim.touch()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &p.events
	t := s.find(name)
	if t == nil {
		panic("hubspottest: no event definition " + name)
	}
	s.types = slices.DeleteFunc(s.types, func(other *eventType) bool { return other == t })
	if s.spent == nil {
		s.spent = map[string]bool{}
	}
	s.spent[t.name] = true
}

// find answers a definition by either of its names.
func (s *eventStore) find(name string) *eventType {
	for _, t := range s.types {
		if t.name == name || t.full == name {
			return t
		}
	}
	return nil
}

// occurrence is one event as it is sent.
type occurrence struct {
	Event      string           `json:"eventName"`
	ObjectID   text             `json:"objectId"`
	Email      string           `json:"email"`
	Visitor    string           `json:"utk"`
	UUID       string           `json:"uuid"`
	At         text             `json:"occurredAt"`
	Properties map[string]*text `json:"properties"`
}

// check refuses what breaks a definition or a limit.
func (s *eventStore) check(in occurrence) *failure {
	t := s.find(in.Event)
	if t == nil || t.full != in.Event {
		return badRequest("There is no event definition " + in.Event)
	}
	if _, ok := parseInstant(string(in.At)); in.At != "" && !ok {
		return badRequest("occurredAt must be a time")
	}
	if in.ObjectID == "" && in.Email == "" && in.Visitor == "" {
		return badRequest("One of objectId, email and utk must be set")
	}
	if len(in.Properties) > maxEventProps {
		return badRequest(fmt.Sprintf("An event may have at most %d properties", maxEventProps))
	}
	for name, value := range plainMap(in.Properties) {
		most := maxEventValue
		if strings.HasSuffix(name, "_url") || strings.HasSuffix(name, "_referrer") {
			most = maxEventAddress
		}
		switch {
		case !t.has(name):
			return badRequest("The event " + in.Event + " has no property " + name)
		case utf8.RuneCountInString(value) > most:
			return badRequest(fmt.Sprintf("The value of %s is longer than %d characters", name, most))
		}
	}
	return nil
}

func (t *eventType) has(name string) bool {
	for _, p := range t.props {
		if p.Name == name {
			return true
		}
	}
	return false
}

// send takes occurrences in, all or none. One with a uuid that its event type has seen
// already is left out, and nothing tells.
func (c *call) send(inputs []occurrence) reply {
	s := &c.portal.events
	if len(inputs) > maxEventBatch {
		return badRequest(fmt.Sprintf("A batch may have at most %d events", maxEventBatch)).reply(c)
	}
	var taken []occurrence
	for _, in := range inputs {
		f := s.check(in)
		if f != nil && !c.sim.opts.EventsSilent {
			return f.reply(c)
		}
		if f == nil {
			taken = append(taken, in)
		}
	}
	for _, in := range taken {
		if key := in.Event + " " + in.UUID; in.UUID != "" {
			if s.seen[key] {
				continue
			}
			if s.seen == nil {
				s.seen = map[string]bool{}
			}
			s.seen[key] = true
		}
		e := Event{Name: in.Event, UUID: in.UUID, At: c.now, Properties: plainMap(in.Properties)}
		if at, ok := parseInstant(string(in.At)); ok {
			e.At = at
		}
		o := s.find(in.Event).object
		if r := o.get(string(in.ObjectID)); r != nil {
			e.ObjectID = r.id
		} else if r := o.byKey("email", in.Email); r != nil && in.ObjectID == "" {
			e.ObjectID = r.id
		}
		s.all = append(s.all, e)
	}
	return reply{status: http.StatusNoContent}
}
