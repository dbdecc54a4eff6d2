package carry

import (
	"context"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Base is what every carrier works with.
type Base struct {
	DB          *bun.DB
	Source      integration.Source
	Outbox      *outbox.Outbox
	Connections *ledger.Connections
	Links       *ledger.Links
	Records     *ledger.Records
	Pages       HostLinks
	Calendar    integration.Calendar    // nil: all is told in UTC
	CRMIDs      integration.CRMIDWriter // nil: nobody wants them
	Log         *slog.Logger
	Now         func() time.Time
}

// Load reads the entities of a batch from the host, by key.
func (s *Base) Load(ctx context.Context, b outbox.Batch) (map[string]integration.Loaded, error) {
	return s.LoadAs(ctx, b, integration.Kind(b.Kind))
}

// LoadAs is Load for a batch whose keys are those of another kind.
func (s *Base) LoadAs(ctx context.Context, b outbox.Batch, kind integration.Kind) (map[string]integration.Loaded, error) {
	keys := make([]string, len(b.Deliveries))
	for i, d := range b.Deliveries {
		keys[i] = d.Key
	}
	return s.LoadKeys(ctx, b.Tenant, kind, keys)
}

// LoadKeys reads entities of one kind from the host, at most 100.
func (s *Base) LoadKeys(ctx context.Context, clientID string, kind integration.Kind, keys []string) (map[string]integration.Loaded, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	refs := make([]integration.Ref, len(keys))
	for i, key := range keys {
		refs[i] = integration.Ref{Kind: kind, Key: key}
	}
	answers, err := s.Source.Load(ctx, clientID, refs)
	if err != nil {
		return nil, err
	}
	out := make(map[string]integration.Loaded, len(answers))
	for _, a := range answers {
		out[a.Ref.Key] = a
	}
	return out, nil
}
