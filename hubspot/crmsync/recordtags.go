package crmsync

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// tagEntry is what the sync record of a tag's net change says beyond the
// others.
type tagEntry struct {
	memberID, tag string
	applied       bool
	cause         string
	at            time.Time
}

// saveTags writes what sync records of type tag say beyond the others. rows
// and entries are of one order, entries without a status apart.
func (r *Records) saveTags(ctx context.Context, tx bun.Tx, at place, rows []recordRow, entries []entry) error {
	type tagRow struct {
		bun.BaseModel `bun:"table:tags"`

		RecordID   string    `bun:"record_id,type:uuid"`
		ClientID   string    `bun:"client_id,type:uuid"`
		MemberID   string    `bun:"member_id,type:uuid"`
		Tag        string    `bun:"tag"`
		Applied    bool      `bun:"applied"`
		Cause      string    `bun:"cause"`
		OccurredAt time.Time `bun:"occurred_at"`
	}
	ids := map[string]string{}
	for _, row := range rows {
		if row.EntityType == entityTag {
			ids[row.EntityID] = row.ID
		}
	}
	var tags []tagRow
	for _, e := range entries {
		if e.tag != nil && ids[e.key] != "" {
			tags = append(tags, tagRow{RecordID: ids[e.key], ClientID: at.clientID, MemberID: e.tag.memberID, Tag: e.tag.tag,
				Applied: e.tag.applied, Cause: e.tag.cause, OccurredAt: e.tag.at})
		}
	}
	if len(tags) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&tags).ModelTableExpr("?", r.syncTag()).On("conflict (record_id) do nothing").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save tag changes: %w", err)
	}
	return nil
}
