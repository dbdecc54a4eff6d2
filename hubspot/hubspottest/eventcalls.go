package hubspottest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// locateEvents splits a path of custom events: the documents of 2026-09 have another one
// than those before.
func locateEvents(seg []string) (product string, v version, rest []string, ok bool) {
	if seg[1] == "custom" {
		v, ok = parseVersion(seg[2])
		return "events/custom", v, seg[3:], ok && v == v2609
	}
	v, ok = parseVersion(seg[1])
	return "events", v, seg[2:], ok
}

func eventRoutes() []route {
	defines := func(*call) []string { return []string{"behavioral_events.event_definitions.read_write"} }
	sends := func(*call) []string { return []string{"analytics.behavioral_events.send"} }
	var all []route
	for _, product := range []string{"events", "events/custom"} {
		add := func(method, pattern string, scopes func(*call) []string, run func(c *call) reply) {
			all = append(all, route{method, product, pattern, scopes, func(c *call) reply {
				if !c.servesEvents(product, pattern) {
					return plain(http.StatusNotFound, "resource not found").reply(c)
				}
				if !strings.EqualFold(c.portal.portal.Plan, "enterprise") {
					return plain(http.StatusForbidden, "This account does not have access to custom events").reply(c)
				}
				return run(c)
			}})
		}
		add(http.MethodPost, "event-definitions", defines, defineEvent)
		add(http.MethodGet, "event-definitions", defines, listEvents)
		add(http.MethodGet, "event-definitions/{event}", defines, getEvent)
		add(http.MethodPost, "send", sends, sendEvent)
		add(http.MethodPost, "send/batch", sends, sendEvents)
	}
	return all
}

// servesEvents reports whether a path exists: on 2026-09 that is an open question.
func (c *call) servesEvents(product, pattern string) bool {
	if c.version != v2609 {
		return true
	}
	if product == "events" {
		return c.sim.opts.EventsAtPlainPath && pattern != "send/batch"
	}
	return !c.sim.opts.EventsAtPlainPath
}

type eventPropertyInput struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Type    string   `json:"type"`
	Options []option `json:"options"`
}

type eventInput struct {
	Label       string               `json:"label"`
	Name        string               `json:"name"`
	Description string               `json:"description"`
	Object      string               `json:"primaryObject"`
	Properties  []eventPropertyInput `json:"propertyDefinitions"`
	Defaults    bool                 `json:"includeDefaultProperties"`
}

type eventBody struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Full         string            `json:"fullyQualifiedName"`
	Labels       map[string]string `json:"labels"`
	Description  string            `json:"description,omitempty"`
	ObjectTypeID string            `json:"objectTypeId"`
	Object       string            `json:"primaryObject"`
	ObjectID     string            `json:"primaryObjectId"`
	Archived     bool              `json:"archived"`
	Associations []any             `json:"associations"`
	Properties   []property        `json:"properties"`
	CreatedAt    stamp             `json:"createdAt"`
}

func (t *eventType) body() eventBody {
	return eventBody{
		ID: t.id, Name: t.name, Full: t.full, Labels: map[string]string{"singular": t.label, "plural": t.label}, Description: t.description,
		ObjectTypeID: "6-" + t.id, Object: t.object.t.code, ObjectID: t.object.t.id, Associations: []any{}, Properties: t.props, CreatedAt: stamp(t.createdAt),
	}
}

func defineEvent(c *call) reply {
	in := eventInput{Object: "CONTACT"}
	f := c.decode(&in)
	s := &c.portal.events
	name := in.Name
	if name == "" { // HubSpot makes one of the label
		name = strings.ReplaceAll(strings.ToLower(in.Label), " ", "_")
	}
	o := c.portal.objects(in.Object)
	rule := regexp.MustCompile(`^[a-z][a-z0-9_-]{0,49}$`)
	switch {
	case f != nil:
	case in.Label == "" || !rule.MatchString(name):
		f = badRequest("label must be set, and name have at most 50 lower case letters, digits, hyphens and underscores")
	case o == nil:
		f = badRequest("primaryObject " + in.Object + " is unknown")
	case len(in.Properties) > maxEventProps:
		f = badRequest("An event may have at most " + strconv.Itoa(maxEventProps) + " properties")
	case s.find(name) != nil || s.spent[name]:
		f = &failure{status: http.StatusConflict, category: "OBJECT_ALREADY_EXISTS", message: "An event definition with name " + name + " exists already"}
	case len(s.types) >= maxEvents:
		f = badRequest("The account has reached its limit of " + strconv.Itoa(maxEvents) + " event definitions")
	}
	if f != nil {
		return f.reply(c)
	}
	made := &eventType{
		id: formatID(c.sim.nextID()), name: name, full: "pe" + formatID(c.portal.portal.ID) + "_" + name,
		label: in.Label, description: in.Description, object: o, props: []property{}, createdAt: c.now,
	}
	if in.Defaults {
		for _, one := range []string{"hs_url", "hs_referrer", "hs_language", "hs_city", "hs_country"} {
			made.props = append(made.props, eventProperty(one, one, "string", nil))
		}
	}
	for _, p := range in.Properties {
		if !rule.MatchString(p.Name) || p.Label == "" || made.has(p.Name) {
			return badRequest("The property " + p.Name + " is not valid, or is defined twice").reply(c)
		}
		made.props = append(made.props, eventProperty(p.Name, p.Label, p.Type, p.Options))
	}
	s.types = append(s.types, made)
	return reply{http.StatusCreated, made.body()}
}

func eventProperty(name, label, kind string, options []option) property {
	if options == nil {
		options = []option{}
	}
	return property{Name: name, Label: label, Type: kind, FieldType: "text", GroupName: "event_properties", Options: options}
}

func getEvent(c *call) reply {
	t := c.portal.events.find(c.params["event"])
	if t == nil {
		return noList("There is no event definition " + c.params["event"]).reply(c)
	}
	return reply{http.StatusOK, t.body()}
}

func listEvents(c *call) reply {
	out := []eventBody{}
	for _, t := range c.portal.events.types {
		if strings.Contains(t.name, c.query.Get("searchString")) {
			out = append(out, t.body())
		}
	}
	return reply{http.StatusOK, map[string]any{"results": out, "total": len(out)}}
}

func sendEvent(c *call) reply {
	var in occurrence
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	return c.send([]occurrence{in})
}

func sendEvents(c *call) reply {
	var in struct {
		Inputs []occurrence `json:"inputs"`
	}
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	return c.send(in.Inputs)
}
