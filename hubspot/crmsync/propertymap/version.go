package propertymap

import (
	"crypto/sha256"
	"encoding/hex"
)

// reading is part of every version. Raise it when a field is read otherwise, or
// a value written in another form, so that everybody is sent once more.
const reading = "propertymap/1"

// Version identifies what the map does: which fields go where, and when. It is
// part of every fingerprint, so that a change of the map sends every record once
// more. Names of properties that nothing is mapped to, the order of the rules
// and the other object do not change it.
func (m Map) Version() string {
	h := sha256.New()
	part(h, reading)
	part(h, m.object)
	for _, l := range m.lines { // in the order of the fields
		for _, s := range []string{l.rule.Field, l.rule.Property, string(l.policy(CreatedBefore)), string(l.policy(Adopted))} {
			part(h, s)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
