package carry

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// SchemaBelieved is how long a portal's schema is believed once it was read. A
// refusal for want of a property makes it read again at once.
const SchemaBelieved = 15 * time.Minute

// Schema is what one process knows of a portal's properties of one object.
type Schema struct {
	At         time.Time
	Properties []hubspot.Property
	Parked     map[string]bool // of the properties that we would write: what the portal does not allow
}

// SchemaKnown returns the schema of an object if it is still believed for this
// version of the map.
func (l *Live) SchemaKnown(object hubspot.ObjectType, version int64, now time.Time) (Schema, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.schemas[object]
	return s.Schema, ok && s.version == version && now.Sub(s.At) < SchemaBelieved
}

type versioned struct {
	Schema
	version int64
}

// KnowSchema keeps what was read of an object, for this version of the map.
func (l *Live) KnowSchema(object hubspot.ObjectType, version int64, s Schema) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.schemas == nil {
		l.schemas = map[hubspot.ObjectType]versioned{}
	}
	l.schemas[object] = versioned{s, version}
}

// DoubtSchemas makes the next pass of every kind read the schema again.
func (l *Live) DoubtSchemas() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.schemas)
}

// PlannedAt tells how often properties were made again, for a pass that is
// planned now.
func (l *Live) PlannedAt() int {
	l.mending.RLock()
	defer l.mending.RUnlock()
	return l.mends
}

// Steady makes writes, unless properties were made again since the pass was
// planned, at mends: then it reports false.
func (l *Live) Steady(mends int, do func()) bool {
	l.mending.RLock()
	defer l.mending.RUnlock()
	if mends != l.mends {
		return false
	}
	do()
	return true
}

// Mend runs do while nobody writes, if no properties were made again since the
// pass was planned, at mends; else it reports false. do calls made once it has
// made some, which tells how often that was by now.
func (l *Live) Mend(mends int, do func(made func() int)) bool {
	l.mending.Lock()
	defer l.mending.Unlock()
	if mends != l.mends {
		return false
	}
	do(func() int { l.mends++; return l.mends })
	return true
}
