package propertymap

import (
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Origin is how a record came to be the entity's.
type Origin int

// The origins.
const (
	// Adopted: it was there before us.
	Adopted Origin = iota
	// CreatedBefore: an earlier call of ours created it.
	CreatedBefore
	// CreatedNow: the call that is decided about creates it.
	CreatedNow
)

// Record is what is known of the record that an entity's values go to.
type Record struct {
	Key    string // the entity's key
	Origin Origin
	Sent   Sent // what we may have left there
	// Asked are the properties that HubSpot was asked for, nil if it was not, and
	// Present what it answered. What was asked for and is absent is empty.
	Asked   []string
	Present map[string]string
}

// Decision is what to do about one record.
type Decision struct {
	// Read are properties, sorted, whose present value decides. If there are any,
	// ask HubSpot for them and decide again. What is still not known then is left
	// as it is.
	Read []string
	// Write is what to send, "" to clear. Blank fields that we never filled are not
	// in it.
	Write map[string]string
	// Fills is what Write will leave in the record. Its union with what is stored
	// has to be stored before the call: if the reply is lost, nobody else knows
	// that these values are ours.
	Fills Sent
	// Sent is what to store once HubSpot has confirmed the write, or at once if
	// there is nothing to write.
	Sent Sent
}

// Decide returns what to do about one record, by the policy of each field. The
// keys are always written, and never cleared. A property that the map does not
// name, or that has no entry in values, is left as it is.
func (m Map) Decide(values map[string]string, r Record) Decision {
	d := Decision{Write: map[string]string{}, Fills: Sent{}, Sent: r.Sent.clone()}
	for _, l := range m.lines {
		if v, ok := values[l.rule.Property]; ok {
			d.line(l, v, r)
		}
	}
	slices.Sort(d.Read)
	return d
}

func (d *Decision) line(l line, v string, r Record) {
	name, policy := l.rule.Property, l.policy(r.Origin)
	_, sent := r.Sent[name]
	switch {
	case v == "" && (l.field.fixed || !sent):
		return
	case r.Origin == CreatedNow:
		// Nobody else can have written to it. What we sent before is from a call whose
		// reply was lost.
		d.write(l, v, r)
		return
	case policy == integration.PolicyOnCreate:
		return
	case policy == integration.PolicyOurs && v != "":
		d.write(l, v, r)
		return
	case !r.Sent.known(name) && v == "":
		// Filled before there were digests. "Ours" clears it, as it did then; nothing
		// else can know whether it still is what we sent.
		if policy == integration.PolicyOurs {
			d.write(l, v, r)
		} else {
			delete(d.Sent, name)
		}
		return
	}
	if !slices.Contains(r.Asked, name) {
		d.Read = append(d.Read, name)
		return
	}
	d.compare(l, v, r)
}

// compare decides by the value that the property has now.
func (d *Decision) compare(l line, v string, r Record) {
	name := l.rule.Property
	has := canonical(l.property, r.Present[name])
	same := has == canonical(l.property, v)
	_, sent := r.Sent[name]
	ours := r.Sent.has(name, digest(r.Key, name, has)) || sent && !r.Sent.known(name) && same
	switch {
	case has == "" && v == "":
		delete(d.Sent, name)
	case has == "":
		d.write(l, v, r)
	case !ours:
		delete(d.Sent, name) // somebody has changed it: theirs from now on
	case same:
		d.Sent[name] = []string{l.digest(r.Key, v)}
	default:
		d.write(l, v, r)
	}
}

// write sends v.
func (d *Decision) write(l line, v string, r Record) {
	name := l.rule.Property
	d.Write[name] = v
	if v == "" {
		delete(d.Sent, name)
		return
	}
	d.Fills[name] = []string{l.digest(r.Key, v)}
	d.Sent[name] = d.Fills[name]
}

// Filled is what a write of values leaves in a record of an entity, whoever it
// was meant for.
func (m Map) Filled(key string, values map[string]string) Sent {
	out := Sent{}
	for _, l := range m.lines {
		if v := values[l.rule.Property]; v != "" {
			out[l.rule.Property] = []string{l.digest(key, v)}
		}
	}
	return out
}

func (l line) digest(key, v string) string {
	return digest(key, l.rule.Property, canonical(l.property, v))
}

// policy is the line's policy for a record of an origin. What sales moves on is
// never ours to follow, whatever a stored rule says.
func (l line) policy(o Origin) integration.Policy {
	switch {
	case onlyOnCreate(l.rule.Property):
		return integration.PolicyOnCreate
	case o == Adopted:
		return l.rule.AdoptedPolicy
	}
	return l.rule.Policy
}

// Reads returns the properties, sorted, whose present value a record of an
// origin can need: who reads the record anyway asks for them at once.
func (m Map) Reads(o Origin, sent Sent) []string {
	names := map[string]bool{}
	for _, l := range m.lines {
		policy := l.policy(o)
		if o == CreatedNow || l.field.fixed || policy == integration.PolicyOnCreate {
			continue
		}
		if policy != integration.PolicyOurs || sent.known(l.rule.Property) {
			names[l.rule.Property] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
