package crmsync

import (
	"context"
	"log/slog"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// base is what every carrier works with.
type base struct {
	db          *bun.DB
	source      integration.Source
	outbox      *outbox.Outbox
	connections *Connections
	links       *Links
	records     *Records
	pages       hostLinks
	calendar    integration.Calendar    // nil: all is told in UTC
	crmIDs      integration.CRMIDWriter // nil: nobody wants them
	log         *slog.Logger
	now         func() time.Time
}

// load reads the entities of a batch from the host, by key.
func (s *base) load(ctx context.Context, b outbox.Batch) (map[string]integration.Loaded, error) {
	return s.loadAs(ctx, b, integration.Kind(b.Kind))
}

// loadAs is load for a batch whose keys are those of another kind.
func (s *base) loadAs(ctx context.Context, b outbox.Batch, kind integration.Kind) (map[string]integration.Loaded, error) {
	keys := make([]string, len(b.Deliveries))
	for i, d := range b.Deliveries {
		keys[i] = d.Key
	}
	return s.loadKeys(ctx, b.Tenant, kind, keys)
}

// loadKeys reads entities of one kind from the host, at most 100.
func (s *base) loadKeys(ctx context.Context, clientID string, kind integration.Kind, keys []string) (map[string]integration.Loaded, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	refs := make([]integration.Ref, len(keys))
	for i, key := range keys {
		refs[i] = integration.Ref{Kind: kind, Key: key}
	}
	answers, err := s.source.Load(ctx, clientID, refs)
	if err != nil {
		return nil, err
	}
	out := make(map[string]integration.Loaded, len(answers))
	for _, a := range answers {
		out[a.Ref.Key] = a
	}
	return out, nil
}
