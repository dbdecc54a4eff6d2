package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// schemaBelieved is how long a portal's schema is believed once it was read. A
// refusal for want of a property makes it read again at once.
const schemaBelieved = 15 * time.Minute

// schema is what one process knows of a portal's properties of one object.
type schema struct {
	at         time.Time
	properties []hubspot.Property
	parked     map[string]bool // of the properties that we would write: what the portal does not allow
}

// schemaKnown returns the schema of an object if it is still believed for this
// version of the map.
func (l *live) schemaKnown(object hubspot.ObjectType, version int64, now time.Time) (schema, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, ok := l.schemas[object]
	return s.schema, ok && s.version == version && now.Sub(s.at) < schemaBelieved
}

type versioned struct {
	schema
	version int64
}

// knowSchema keeps what was read of an object, for this version of the map.
func (l *live) knowSchema(object hubspot.ObjectType, version int64, s schema) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.schemas == nil {
		l.schemas = map[hubspot.ObjectType]versioned{}
	}
	l.schemas[object] = versioned{s, version}
}

// doubtSchemas makes the next pass of every kind read the schema again.
func (l *live) doubtSchemas() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.schemas)
}

// plannedAt tells how often properties were made again, for a pass that is
// planned now.
func (l *live) plannedAt() int {
	l.mending.RLock()
	defer l.mending.RUnlock()
	return l.mends
}

// steady makes writes, unless properties were made again since the pass was
// planned, at mends: then it reports false.
func (l *live) steady(mends int, do func()) bool {
	l.mending.RLock()
	defer l.mending.RUnlock()
	if mends != l.mends {
		return false
	}
	do()
	return true
}

// mend runs do while nobody writes. If do has made properties, it returns how
// often that was by now.
func (l *live) mend(do func(made func() int)) {
	l.mending.Lock()
	defer l.mending.Unlock()
	do(func() int { l.mends++; return l.mends })
}
