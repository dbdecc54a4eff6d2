package crmsync

import "github.com/memberpulse/hubspotplugin/outbox"

// liveEntries are entries of one kind for keys, in the lane of live changes.
func liveEntries(clientID, kind string, keys []string) []outbox.Entry {
	out := make([]outbox.Entry, len(keys))
	for i, k := range keys {
		out[i] = outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kind, Key: k}
	}
	return out
}

// manyMembers is from where an organization's members are no live change.
const manyMembers = 100
