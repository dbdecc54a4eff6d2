package crmsync

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/integration"
)

// tagRecords are the sync records of the net changes that HubSpot has
// confirmed, one for each.
func (w *work) tagRecords() []ledger.Entry {
	if !w.confirmsTags() {
		return nil
	}
	out := make([]ledger.Entry, len(w.tags.changes))
	for i, c := range w.tags.changes {
		out[i] = ledger.Entry{Entity: kinds.EntityTag, Key: changeID(w.d.Key, c), HubSpotID: w.link.HubSpotID,
			Record: ledger.Record{Status: integration.SyncSynced}, Tag: &ledger.TagEntry{MemberID: w.d.Key, Tag: c.tag, Applied: c.applied, Cause: c.cause, At: c.at}}
	}
	return out
}

// confirmsTags reports whether HubSpot has the tags as planned.
func (w *work) confirmsTags() bool {
	return w.tags.on && w.link.HubSpotID != "" && (w.written || w.record.Status == integration.SyncSynced)
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
