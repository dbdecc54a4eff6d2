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

// Entries turns changes into outbox entries. It refuses, by index, a change
// that breaks the contract or that has no handler yet.
func Entries(changes []integration.Change) ([]outbox.Entry, error) {
	out := make([]outbox.Entry, len(changes))
	known := carriers()
	for i, c := range changes {
		if err := c.Validate(); err != nil {
			return nil, fmt.Errorf("change %d: %w", i, err)
		}
		if carrier, ok := known[string(c.Ref.Kind)]; !ok || carrier.inner {
			return nil, fmt.Errorf("change %d: %w: %q", i, ErrNoHandler, string(c.Ref.Kind))
		}
		out[i] = outbox.Entry{Tenant: c.ClientID, Lane: outbox.LaneLive, Kind: string(c.Ref.Kind), Key: c.Ref.Key, Subject: c.Subject, Payload: c.Fact}
	}
	return out, nil
}
