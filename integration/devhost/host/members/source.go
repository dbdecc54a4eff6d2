package members

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Source answers an integration's questions from the module's tables. This host
// keeps members only: it lists no other kind, and says so when asked to load one.
type Source struct{ db *bun.DB }

var _ integration.Source = (*Source)(nil)

// NewSource returns the source over db, which must be the primary.
func NewSource(db *bun.DB) *Source { return &Source{db: db} }

// Load implements [integration.Source] with two queries, however many refs.
//
// The two are not one snapshot. A change that commits between them was recorded
// by its own transaction, so the member is loaded once more after it.
func (s *Source) Load(ctx context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	var ids []string
	for _, ref := range refs {
		if ref.Kind == integration.KindMember && integration.ValidUUID(ref.Key) {
			ids = append(ids, ref.Key)
		}
	}
	found, err := s.members(ctx, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]integration.Loaded, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		if ref.Kind != integration.KindMember {
			out[i].Err = fmt.Errorf("members: this host keeps no %s", ref.Kind)
			continue
		}
		if m, ok := found[ref.Key]; ok {
			out[i].Entity = m
		} else {
			out[i].Gone = true
		}
	}
	return out, nil
}

func (s *Source) members(ctx context.Context, clientID string, ids []string) (map[string]integration.Member, error) {
	if len(ids) == 0 || !integration.ValidUUID(clientID) {
		return nil, nil
	}
	var rows []memberRow
	err := s.db.NewSelect().Model(&rows).
		Where("m.client_id = ? and m.deleted_at is null", clientID).Where("m.id in (?)", bun.List(ids)).
		Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("members: load: %w", err)
	}
	held, err := memberships(ctx, s.db, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]integration.Member, len(rows))
	for _, r := range rows {
		out[r.ID] = r.profile(held[r.ID]).Member
	}
	return out, nil
}

// Keys implements [integration.Source]. PostgreSQL orders UUIDs as their text is
// ordered.
func (s *Source) Keys(ctx context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	if kind != integration.KindMember || !integration.ValidUUID(clientID) || limit < 1 {
		return nil, nil
	}
	if after != "" && !integration.ValidUUID(after) {
		return nil, fmt.Errorf("members: keys: the key to go on from is not a UUID")
	}
	q := s.db.NewSelect().Model((*memberRow)(nil)).Column("m.id").
		Where("m.client_id = ? and m.deleted_at is null", clientID)
	if after != "" {
		q = q.Where("m.id > ?", after)
	}
	var keys []string
	if err := q.Order("m.id").Limit(int64(limit)).Scan(ctx, &keys); err != nil {
		return nil, fmt.Errorf("members: keys: %w", err)
	}
	return keys, nil
}

// Count implements [integration.Source].
func (s *Source) Count(ctx context.Context, clientID string, kind integration.Kind) (int, error) {
	if kind != integration.KindMember || !integration.ValidUUID(clientID) {
		return 0, nil
	}
	n, err := s.db.NewSelect().Model((*memberRow)(nil)).
		Where("m.client_id = ? and m.deleted_at is null", clientID).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("members: count: %w", err)
	}
	return int(n), nil
}
