package propertymap

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

// Reason is why a value is not sent.
type Reason string

// The reasons. None is a mistake of the member's record alone: the map or the
// portal's options have to change.
const (
	ReasonOption Reason = "not-an-option" // the property does not offer it
	ReasonDate   Reason = "not-a-date"    // no day of the calendar
	ReasonType   Reason = "wrong-type"    // the property no longer takes this field
)

// Values are an entity's values for one record.
type Values struct {
	// Of holds values in HubSpot's format by property, "" for a field that is
	// blank. A property whose field has a value that it cannot take is absent: it
	// is left as it is.
	Of map[string]string
	// Left is what could not be taken, wholly or in part, in the order of the
	// fields.
	Left []Left
}

// Left is a field whose value is not sent. It does not hold the value.
type Left struct {
	Field, Property string
	Reason          Reason
}

// Values returns the values of a member, or of an organization, for the map's
// properties. Moments become days in the tenant's location, nil for UTC. Of an
// entity that is not the map's object it returns none.
func (m Map) Values(e integration.Entity, loc *time.Location) Values {
	if loc == nil {
		loc = time.UTC
	}
	var s source
	switch e := e.(type) {
	case integration.Member:
		s = source{member: e, membership: tagging.Current(e)}
	case integration.Organization:
		s = source{organization: e}
	}
	if object(e) != m.object {
		return Values{Of: map[string]string{}}
	}
	out := Values{Of: make(map[string]string, len(m.lines))}
	for _, l := range m.lines {
		v, why := l.wire(l.field.read(&s), loc)
		if why != "" {
			out.Left = append(out.Left, Left{Field: l.field.key, Property: l.rule.Property, Reason: why})
		}
		if why == "" || v != "" {
			out.Of[l.rule.Property] = v
		}
	}
	return out
}

// object is what an entity becomes, "" if it is no part of a map.
func object(e integration.Entity) string {
	switch e.(type) {
	case integration.Member:
		return Contact
	case integration.Organization:
		return Company
	}
	return ""
}
