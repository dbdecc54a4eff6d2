package members

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// Touch locks living members in tx, in the order of their ids, notes at as their
// last change, and returns the ids of those that exist. A module calls it before
// it records a change of a member, so that two changes of one member are
// recorded in the order in which they commit.
func Touch(ctx context.Context, tx bun.Tx, clientID string, at time.Time, ids ...string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var found []string
	err := tx.NewRaw(`
		with held as (
			select id from mp_members
			where client_id = ? and id in (?) and deleted_at is null
			order by id for no key update)
		update mp_members as m set updated_at = ? from held where m.id = held.id
		returning m.id`, clientID, bun.List(ids), at).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("members: touch: %w", err)
	}
	return found, nil
}

// TouchOne is Touch of one member; a 404 [problem.Problem] if there is none.
func TouchOne(ctx context.Context, tx bun.Tx, clientID string, at time.Time, id string) error {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return problem.Missing("member")
	}
	found, err := Touch(ctx, tx, clientID, at, id)
	if err == nil && len(found) == 0 {
		err = problem.Missing("member")
	}
	return err
}
