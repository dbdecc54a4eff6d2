package carry

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"slices"
	"strconv"
)

// Fingerprint identifies what a write leaves behind: the record, the map's
// version, the connection's epoch and every value that is not blank. Equal
// fingerprints mean that sending again would change nothing. The member's key
// is part of it, so that equal values of two members do not show as equal.
func Fingerprint(version, key, hubspotID string, epoch int64, props map[string]string) []byte {
	h := sha256.New()
	part(h, version)
	part(h, key)
	part(h, hubspotID)
	part(h, strconv.FormatInt(epoch, 10))
	for _, name := range slices.Sorted(maps.Keys(props)) {
		if props[name] == "" {
			continue
		}
		part(h, name)
		part(h, props[name])
	}
	return h.Sum(nil)[:16]
}

func part(h hash.Hash, s string) {
	var n [4]byte
	binary.BigEndian.PutUint32(n[:], uint32(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}

// SameFingerprint reports whether two are known and equal.
func SameFingerprint(a, b []byte) bool { return len(a) > 0 && bytes.Equal(a, b) }
