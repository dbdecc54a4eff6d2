package members

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Belong puts a member into an organization, "" for none, and returns the one
// before. It records nothing: that is the caller's.
func Belong(ctx context.Context, tx bun.Tx, clientID, memberID, organizationID string, at time.Time) (before string, err error) {
	if err := TouchOne(ctx, tx, clientID, at, memberID); err != nil {
		return "", err
	}
	var row []memberRow
	err = tx.NewRaw(`
		update mp_members as m set organization_id = nullif(?, '')::uuid
		from mp_members as old
		where m.client_id = ? and m.id = ? and old.id = m.id
		returning m.id, old.organization_id`, organizationID, clientID, memberID).Scan(ctx, &row)
	if err != nil {
		return "", fmt.Errorf("members: belong: %w", err)
	}
	if len(row) == 0 {
		return "", problem.Missing("member")
	}
	return row[0].OrganizationID, nil
}

// Leave takes every living member out of an organization and returns who that
// was.
func Leave(ctx context.Context, tx bun.Tx, clientID, organizationID string, at time.Time) ([]string, error) {
	var ids []string
	err := tx.NewRaw(`
		with held as (
			select id from mp_members
			where client_id = ? and organization_id = ? and deleted_at is null
			order by id for update)
		update mp_members as m set organization_id = null, updated_at = ? from held where m.id = held.id
		returning m.id`, clientID, organizationID, at).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("members: leave: %w", err)
	}
	return ids, nil
}
