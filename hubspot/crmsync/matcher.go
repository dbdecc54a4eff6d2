package crmsync

import (
	"context"
	"database/sql"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Matching implements [integration.Matcher].
func (s *Syncer) Matching(ctx context.Context, clientID string) (integration.Matching, error) {
	return s.matching.Proposals(ctx, clientID)
}

// DecideMatches implements [integration.Matcher].
func (s *Syncer) DecideMatches(ctx context.Context, tx *sql.Tx, clientID string, decisions []integration.MatchDecision) error {
	return s.matching.Decide(ctx, tx, clientID, decisions)
}

var _ integration.Matcher = (*Syncer)(nil)
