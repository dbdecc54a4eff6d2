package crmsync_test

import (
	"bytes"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
)

func TestFingerprintChangesWithEverythingThatMatters(t *testing.T) {
	t.Parallel()
	base := func() []byte {
		return crmsync.Fingerprint("version", "key", "1", 1, map[string]string{"a": "b", "c": "d", "blank": ""})
	}
	if !bytes.Equal(base(), crmsync.Fingerprint("version", "key", "1", 1, map[string]string{"c": "d", "a": "b"})) {
		t.Error("a blank value or the order changes the fingerprint")
	}
	for what, other := range map[string][]byte{
		"key":      crmsync.Fingerprint("version", "other", "1", 1, map[string]string{"a": "b", "c": "d"}),
		"record":   crmsync.Fingerprint("version", "key", "2", 1, map[string]string{"a": "b", "c": "d"}),
		"epoch":    crmsync.Fingerprint("version", "key", "1", 2, map[string]string{"a": "b", "c": "d"}),
		"value":    crmsync.Fingerprint("version", "key", "1", 1, map[string]string{"a": "b", "c": "e"}),
		"boundary": crmsync.Fingerprint("version", "key", "1", 1, map[string]string{"a": "bc", "d": ""}),
		"moved":    crmsync.Fingerprint("version", "key", "1", 1, map[string]string{"a": "d", "c": "b"}),
	} {
		if bytes.Equal(base(), other) {
			t.Errorf("the fingerprint does not see another %s", what)
		}
	}
}
