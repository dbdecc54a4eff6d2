package carry

import "github.com/memberpulse/hubspotplugin/outbox"

// LiveEntries are entries of one kind for keys, in the lane of live changes.
func LiveEntries(clientID, kind string, keys []string) []outbox.Entry {
	out := make([]outbox.Entry, len(keys))
	for i, k := range keys {
		out[i] = outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kind, Key: k}
	}
	return out
}

// ManyMembers is from where the members of one organization or event are no live change.
const ManyMembers = 100
