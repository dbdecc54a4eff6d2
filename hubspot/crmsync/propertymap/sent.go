package propertymap

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strings"
)

// Sent is what the plugin may have left in a record: by property, the digests
// of values that it wrote, more than one while the fate of a call is unknown.
// No digests means that we filled it, but no longer know with what.
type Sent map[string][]string

// ParseSent reads entries as Entries makes them, in any order and from several
// lists. What is no entry is taken for a property's name, as links held them
// before there were digests.
func ParseSent(entries []string) Sent {
	s := Sent{}
	for _, e := range entries {
		name, digest, ok := strings.Cut(e, "=")
		if name == "" {
			continue
		}
		s[name] = slices.Clone(s[name]) // present, even without a digest
		if ok && digest != "" && !slices.Contains(s[name], digest) {
			s[name] = append(s[name], digest)
		}
	}
	return s
}

// Entries returns s as a sorted list of texts without commas: each name by
// itself, and name=digest for each digest. The union of two lists is the union
// of what they say, and who knows names alone can still read the list.
func (s Sent) Entries() []string {
	out := []string{}
	for name, digests := range s {
		out = append(out, name)
		for _, d := range digests {
			out = append(out, name+"="+d)
		}
	}
	slices.Sort(out)
	return out
}

// has reports whether we may have written this digest there.
func (s Sent) has(property, digest string) bool { return slices.Contains(s[property], digest) }

// known reports whether what we wrote there can be told from what others did.
func (s Sent) known(property string) bool { return len(s[property]) > 0 }

func (s Sent) clone() Sent {
	out := maps.Clone(s)
	if out == nil {
		out = Sent{}
	}
	return out
}

// digest identifies a value of a property of one entity. The key is part of it,
// so that equal values of two members do not show as equal.
func digest(key, property, value string) string {
	h := sha256.New()
	part(h, key)
	part(h, property)
	part(h, value)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func part(h hash.Hash, s string) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}

// Inherit is what sent, of the record's key, says of the same record as another
// key's. What has been changed since by others stays theirs; of what was not
// asked for only that we filled it is kept.
func (m Map) Inherit(sent Sent, r Record, key string) Sent {
	out := Sent{}
	for name := range sent {
		out[name] = nil
	}
	for _, l := range m.lines {
		name := l.rule.Property
		if !sent.known(name) || !slices.Contains(r.Asked, name) {
			continue
		}
		has := canonical(l.property, r.Present[name])
		if sent.has(name, digest(r.Key, name, has)) {
			out[name] = []string{digest(key, name, has)}
		} else {
			delete(out, name)
		}
	}
	return out
}
