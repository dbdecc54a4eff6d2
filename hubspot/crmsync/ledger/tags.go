package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
)

// TagEntry is what the sync record of a tag's net change says beyond the
// others.
type TagEntry struct {
	MemberID, Tag string
	Applied       bool
	Cause         string
	At            time.Time
}

// saveTags writes what sync records of type tag say beyond the others. rows
// and entries are of one order, entries without a status apart.
func (r *Records) saveTags(ctx context.Context, tx bun.Tx, at Place, rows []RecordRow, entries []Entry) error {
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
		if row.EntityType == kinds.EntityTag {
			ids[row.EntityID] = row.ID
		}
	}
	var tags []tagRow
	for _, e := range entries {
		if e.Tag != nil && ids[e.Key] != "" {
			tags = append(tags, tagRow{RecordID: ids[e.Key], ClientID: at.ClientID, MemberID: e.Tag.MemberID, Tag: e.Tag.Tag,
				Applied: e.Tag.Applied, Cause: e.Tag.Cause, OccurredAt: e.Tag.At})
		}
	}
	if len(tags) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&tags).ModelTableExpr("?", r.SyncTag()).On("conflict (record_id) do nothing").Exec(ctx)
	if err != nil {
		return fmt.Errorf("crmsync: save tag changes: %w", err)
	}
	return nil
}
