package crmsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// tagEntry is what the sync record of a tag's net change says beyond the
// others.
type tagEntry struct {
	memberID string
	tagChange
}

// tagRecords are the sync records of the net changes that HubSpot has
// confirmed, one for each.
func (w *work) tagRecords() []entry {
	if !w.confirmsTags() {
		return nil
	}
	out := make([]entry, len(w.tags.changes))
	for i, c := range w.tags.changes {
		out[i] = entry{entity: entityTag, key: changeID(w.d.Key, c), hubspotID: w.link.HubSpotID,
			record: record{status: integration.SyncSynced}, tag: &tagEntry{w.d.Key, c}}
	}
	return out
}

// confirmsTags reports whether HubSpot has the tags as planned.
func (w *work) confirmsTags() bool {
	return w.tags.on && w.link.HubSpotID != "" && (w.written || w.record.status == integration.SyncSynced)
}

// tagRows are the ledger's rows of the members whose contacts are as planned.
func (p *pass) tagRows() map[string][]tagRow {
	rows := map[string][]tagRow{}
	for _, w := range p.works {
		if w.confirmsTags() && len(w.tags.rows) > 0 {
			rows[w.d.Key] = w.tags.rows
		}
	}
	return rows
}

// changeID is the id of a net change: the same change, settled twice, is one
// record. One occurrence can bring a tag more than once, when a member leaves
// and comes back or what ended it is undone: these are changes of their own.
func changeID(member string, c tagChange) string {
	text := member + " " + c.tag + " " + strconv.FormatBool(c.applied)
	for _, at := range []time.Time{c.at, c.before, c.recorded} {
		text += " " + at.UTC().Format(time.RFC3339Nano)
	}
	sum := sha256.Sum256([]byte(text))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
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
