package crmsync

import (
	"errors"
	"fmt"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// ErrNoHandler says that this version of the plugin does not sync a kind. To
// accept such a change would be to lose it without a word.
var ErrNoHandler = errors.New("no handler for this kind of change")

// Kinds are the outbox kinds that a Syncer handles.
func Kinds() map[string]outbox.Kind { return map[string]outbox.Kind{kindMember: {}} }

// Entries turns changes into outbox entries. It refuses, by index, a change
// that breaks the contract or that has no handler yet.
func Entries(changes []integration.Change) ([]outbox.Entry, error) {
	out := make([]outbox.Entry, len(changes))
	for i, c := range changes {
		if err := c.Validate(); err != nil {
			return nil, fmt.Errorf("change %d: %w", i, err)
		}
		if _, ok := Kinds()[string(c.Ref.Kind)]; !ok {
			return nil, fmt.Errorf("change %d: %w: %q; this version handles %q", i, ErrNoHandler, string(c.Ref.Kind), kindMember)
		}
		out[i] = outbox.Entry{Tenant: c.ClientID, Lane: outbox.LaneLive, Kind: string(c.Ref.Kind), Key: c.Ref.Key, Subject: c.Subject}
	}
	return out, nil
}

func memberEntries(clientID string, keys []string) []outbox.Entry {
	out := make([]outbox.Entry, len(keys))
	for i, k := range keys {
		out[i] = outbox.Entry{Tenant: clientID, Lane: outbox.LaneLive, Kind: kindMember, Key: k}
	}
	return out
}
