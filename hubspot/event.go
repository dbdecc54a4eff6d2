package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Limits of custom events. HubSpot refuses what is beyond.
// See https://developers.hubspot.com/docs/api-reference/latest/events/send-event-data/guide
const (
	// MaxEvents is how many occurrences one SendEvents may carry.
	MaxEvents = 500
	// MaxEventProperties is how many properties an event may have.
	MaxEventProperties = 50
	// MaxEventValue is how many characters a value may have.
	MaxEventValue = 256
)

// EventDefinition describes a kind of custom event. Custom events need an
// Enterprise plan: without it every call about them is IsForbidden and not
// IsMissingScopes.
// See https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
type EventDefinition struct {
	// Name is the caller's: lower case letters, digits and underscores, at most
	// 50. The name of a deleted definition can never be used again.
	Name string
	// FullName is HubSpot's, pe<portal>_<name>: occurrences go by it.
	FullName    string
	Label       string
	Description string
	// ObjectType is what occurrences belong to: Contacts (default), Companies or
	// Tickets.
	ObjectType ObjectType
	Properties []EventProperty
}

// EventProperty is a property of a custom event.
type EventProperty struct {
	Name, Label string
	// Type is string, number, enumeration or datetime.
	Type    string
	Options []Option
}

// Event is one occurrence of a custom event.
type Event struct {
	// Name is the definition's FullName.
	Name string
	// UUID makes the occurrence unique within its event: of several with one
	// UUID HubSpot keeps the first.
	UUID string
	// ObjectID is the record that it happened to.
	ObjectID   string
	At         time.Time
	Properties map[string]string
}

// DefineEvent creates a definition. IsConflict if the name is taken: compare
// with EventDefinition then. Never repeated by itself. Scope
// behavioral_events.event_definitions.read_write.
// See https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
func (c *Client) DefineEvent(ctx context.Context, d EventDefinition) (EventDefinition, error) {
	object, ok := primaryObject(d.ObjectType)
	if !ok || d.Name == "" || d.Label == "" || len(d.Properties) > MaxEventProperties {
		return EventDefinition{}, fmt.Errorf("%w: event definition", ErrInvalidInput)
	}
	properties := make([]map[string]any, len(d.Properties))
	for i, p := range d.Properties {
		properties[i] = map[string]any{"name": p.Name, "label": p.Label, "type": p.Type}
		if len(p.Options) > 0 {
			properties[i]["options"] = wireOptions(p.Options)
		}
	}
	body := map[string]any{
		"name": d.Name, "label": d.Label, "primaryObject": object, "propertyDefinitions": properties, "includeDefaultProperties": false,
	}
	if d.Description != "" {
		body["description"] = d.Description
	}
	return c.eventDefinition(ctx, call{op: "event define", method: http.MethodPost, path: c.paths.eventDefinitions(), body: body, write: true})
}

// EventDefinition returns a definition by its Name or FullName. Scope
// behavioral_events.event_definitions.read_write.
// See https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
func (c *Client) EventDefinition(ctx context.Context, name string) (EventDefinition, error) {
	if !segment(name) {
		return EventDefinition{}, fmt.Errorf("%w: event name", ErrInvalidInput)
	}
	return c.eventDefinition(ctx, call{op: "event definition", method: http.MethodGet, path: c.paths.eventDefinition(name), repeatable: true})
}

// SendEvents sends up to MaxEvents occurrences in one call; no two of an event
// may share a UUID. HubSpot takes all or refuses all, and does not say what
// becomes of one that belongs to no record. The UUIDs make it safe to repeat.
// Scope analytics.behavioral_events.send.
// See https://developers.hubspot.com/docs/api-reference/latest/events/send-event-data/guide
func (c *Client) SendEvents(ctx context.Context, events []Event) error {
	if len(events) > MaxEvents {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManyInputs, len(events), MaxEvents)
	}
	seen := map[[2]string]bool{}
	wire := make([]wireEvent, len(events))
	for i, e := range events {
		if e.Name == "" || e.UUID == "" || recordID(e.ObjectID) == "" || e.At.IsZero() || len(e.Properties) > MaxEventProperties {
			return fmt.Errorf("%w: event %d", ErrInvalidInput, i)
		}
		key := [2]string{e.Name, e.UUID}
		if seen[key] {
			return fmt.Errorf("%w: event %d", ErrDuplicateInput, i)
		}
		seen[key] = true
		wire[i] = wireEvent{e.Name, e.UUID, e.ObjectID, e.At.UTC().Format(time.RFC3339Nano), e.Properties}
		if wire[i].Properties == nil {
			wire[i].Properties = map[string]string{}
		}
	}
	if len(events) == 0 {
		return nil
	}
	cl := call{op: "events send", method: http.MethodPost, path: c.paths.sendEvents(), body: map[string]any{"inputs": wire}, write: true, repeatable: true}
	rep, e := c.send(ctx, cl)
	if e != nil {
		return e
	}
	if len(rep.body) == 0 {
		return nil
	}
	// No body is documented; one that holds errors is no success.
	parts, ok := readBatch(rep.body)
	if !ok {
		return unreadable(cl, rep)
	}
	if len(parts.entries) > 0 {
		e, _ := entryError(cl, rep, parts.entries[0])
		e.Outcome = Unknown // of the others
		return e
	}
	return nil
}

type wireEvent struct {
	Name       string            `json:"eventName"`
	UUID       string            `json:"uuid"`
	ObjectID   string            `json:"objectId"`
	At         string            `json:"occurredAt"`
	Properties map[string]string `json:"properties"`
}

// primaryObject is the name of an object type in definitions.
func primaryObject(t ObjectType) (string, bool) {
	switch t {
	case "", Contacts:
		return "CONTACT", true
	case Companies:
		return "COMPANY", true
	case Tickets:
		return "TICKET", true
	}
	return "", false
}

func (c *Client) eventDefinition(ctx context.Context, cl call) (EventDefinition, error) {
	var w struct {
		Name        string            `json:"name"`
		FullName    string            `json:"fullyQualifiedName"`
		Labels      map[string]string `json:"labels"`
		Description string            `json:"description"`
		ObjectID    json.RawMessage   `json:"primaryObjectId"`
		Properties  []wireProperty    `json:"properties"`
	}
	if err := c.fetch(ctx, cl, &w); err != nil {
		return EventDefinition{}, err
	}
	if w.FullName == "" {
		return EventDefinition{}, unreadable(cl, reply{status: http.StatusOK})
	}
	d := EventDefinition{Name: w.Name, FullName: w.FullName, Label: w.Labels["singular"], Description: w.Description}
	for _, t := range []ObjectType{Contacts, Companies, Tickets} {
		if t.id() == text(w.ObjectID) {
			d.ObjectType = t
		}
	}
	for _, p := range w.Properties {
		q := p.property()
		d.Properties = append(d.Properties, EventProperty{Name: q.Name, Label: q.Label, Type: q.Type, Options: q.Options})
	}
	return d, nil
}
