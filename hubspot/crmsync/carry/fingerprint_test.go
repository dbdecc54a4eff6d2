package carry_test

import (
	"bytes"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
)

func TestFingerprintChangesWithEverythingThatMatters(t *testing.T) {
	t.Parallel()
	base := func() []byte {
		return carry.Fingerprint("version", "key", "1", 1, map[string]string{"a": "b", "c": "d", "blank": ""})
	}
	if !bytes.Equal(base(), carry.Fingerprint("version", "key", "1", 1, map[string]string{"c": "d", "a": "b"})) {
		t.Error("a blank value or the order changes the fingerprint")
	}
	for what, other := range map[string][]byte{
		"key":      carry.Fingerprint("version", "other", "1", 1, map[string]string{"a": "b", "c": "d"}),
		"record":   carry.Fingerprint("version", "key", "2", 1, map[string]string{"a": "b", "c": "d"}),
		"epoch":    carry.Fingerprint("version", "key", "1", 2, map[string]string{"a": "b", "c": "d"}),
		"value":    carry.Fingerprint("version", "key", "1", 1, map[string]string{"a": "b", "c": "e"}),
		"boundary": carry.Fingerprint("version", "key", "1", 1, map[string]string{"a": "bc", "d": ""}),
		"moved":    carry.Fingerprint("version", "key", "1", 1, map[string]string{"a": "d", "c": "b"}),
	} {
		if bytes.Equal(base(), other) {
			t.Errorf("the fingerprint does not see another %s", what)
		}
	}
}
