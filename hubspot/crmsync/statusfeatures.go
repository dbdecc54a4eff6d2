package crmsync

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/lists"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The states of a feature.
const (
	featureOK        = "ok"
	featureWaiting   = "waiting"
	featureAttention = "attention"
	featureOff       = "off"
)

// stateCount counts the records of one type, state and code.
type stateCount struct {
	Entity string `bun:"entity_type"`
	Status string `bun:"sync_status"`
	Code   string `bun:"code"`
	N      int    `bun:"n"`
	// LastSync is when HubSpot last confirmed one of them.
	LastSync *time.Time `bun:"last_sync"`
}

// counts counts a tenant's records of all types but tags, whose ledger counts
// them.
func (r syncLog) counts(ctx context.Context, db bun.IConn, at ledger.Place) ([]stateCount, error) {
	var rows []stateCount
	err := r.DB.NewRaw(`select entity_type, sync_status, code, count(*) as n, max(last_sync_at) as last_sync from ? where client_id = ? and portal_id = ? and not gone and entity_type <> ?
		group by 1, 2, 3`, r.Record(), at.ClientID, at.PortalID, kinds.EntityTag).Conn(db).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("crmsync: count sync records: %w", err)
	}
	return rows, nil
}

// tallyOf counts members by the state of their records.
func tallyOf(counts []stateCount) tally {
	var t tally
	for _, c := range counts {
		if c.Entity != kinds.EntityContact {
			continue
		}
		switch integration.SyncStatus(c.Status) {
		case integration.SyncSynced:
			t.synced += c.N
		case integration.SyncFailed:
			t.failed += c.N
		case integration.SyncExcluded:
			t.excluded += c.N
		}
		if c.LastSync != nil && (t.lastSync == nil || c.LastSync.After(*t.lastSync)) {
			t.lastSync = c.LastSync
		}
	}
	return t
}

// failedOf counts the records that need attention, of all types.
func failedOf(counts []stateCount) int {
	n := 0
	for _, c := range counts {
		if integration.SyncStatus(c.Status) == integration.SyncFailed {
			n += c.N
		}
	}
	return n
}

// totals are how many entities the host has, by type, where it says so.
type totals map[string]int

// featuresOf tells how each part stands. It is pure.
func featuresOf(o settings.Options, connected bool, counts []stateCount, tags tagCounts, host totals, stored map[settings.ListKey]lists.Row) []integration.Feature {
	out := make([]integration.Feature, 0, len(features()))
	for _, f := range features() {
		feature := integration.Feature{Key: f.key, Name: f.name, EntityType: f.entity, On: f.on(o)}
		if f.entity == kinds.EntityTag {
			for _, c := range tags.by {
				feature.Done += c.Sent
				feature.Waiting += c.Gate
				if c.History > 0 {
					addCount(&feature, stateCount{Entity: kinds.EntityTag, Status: string(integration.SyncExcluded), Code: string(verdict.TagEnded), N: c.History})
				}
			}
		}
		if f.key == settings.KeyLists {
			lists.Count(&feature, o, stored)
		}
		for _, c := range counts {
			if f.entity != "" && c.Entity == f.entity {
				addCount(&feature, c)
			}
		}
		sum := feature.Done + feature.Waiting + feature.NotIncluded + feature.Attention
		if n, ok := host[f.entity]; ok && feature.On && n > sum {
			feature.Waiting += n - sum // nobody has looked at them yet
		}
		feature.Total = feature.Done + feature.Waiting + feature.NotIncluded + feature.Attention
		feature.State, feature.Sentence = f.tellState(feature, o, connected)
		out = append(out, feature)
	}
	return out
}

// tellUndecided says that organizations wait for an admin and not for us.
func tellUndecided(features []integration.Feature, undecided int) {
	i := slices.IndexFunc(features, func(f integration.Feature) bool { return f.EntityType == kinds.EntityCompany })
	if undecided == 0 || i < 0 || features[i].State != featureOK {
		return
	}
	features[i].State = featureWaiting
	features[i].Sentence = words.Counted(undecided, "organization waits", "organizations wait") + " to be matched on the page Match companies."
}

// tellTagsConfirmed says of tags that were let out and are not in HubSpot yet what
// they wait for, if it is not the admin.
func tellTagsConfirmed(features []integration.Feature, gate tagGate, underway bool) {
	i := slices.IndexFunc(features, func(f integration.Feature) bool { return f.EntityType == kinds.EntityTag })
	if i < 0 || !gate.open || gate.refill || features[i].Waiting == 0 || features[i].State != featureOK {
		return
	}
	features[i].Sentence = fmt.Sprintf("%d of %d are on their way.", features[i].Waiting, features[i].Total)
	if !underway {
		features[i].Sentence = words.Counted(features[i].Waiting, "tag waits until its member's contact", "tags wait until their members' contacts") + " can be written."
	}
}

// tellTagsParked says so if tags have no property to be written to.
func tellTagsParked(features []integration.Feature, o settings.Options, parked []parkedProperty) {
	name := tagsParked(o, parked)
	i := slices.IndexFunc(features, func(f integration.Feature) bool { return f.EntityType == kinds.EntityTag })
	if name == "" || i < 0 || features[i].State == featureOff || features[i].State == featureWaiting {
		return
	}
	features[i].State, features[i].Sentence = featureAttention, "Tags are not sent: the property "+name+" cannot be written. The issues say why."
}

func addCount(f *integration.Feature, c stateCount) {
	switch integration.SyncStatus(c.Status) {
	case integration.SyncSynced:
		f.Done += c.N
	case integration.SyncFailed:
		f.Attention += c.N
	case integration.SyncExcluded:
		f.NotIncluded += c.N
		i := slices.IndexFunc(f.Reasons, func(r integration.Reason) bool { return r.Code == c.Code })
		if i < 0 {
			f.Reasons = append(f.Reasons, integration.Reason{Code: c.Code, Title: words.Tell(verdict.Code(c.Code), f.EntityType, nil).Title})
			i = len(f.Reasons) - 1
		}
		f.Reasons[i].Count += c.N
		slices.SortFunc(f.Reasons, func(a, b integration.Reason) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return strings.Compare(a.Code, b.Code)
		})
	default:
		f.Waiting += c.N
	}
}

// tellState says in one sentence how the part stands.
func (f feature) tellState(counted integration.Feature, o settings.Options, connected bool) (state, sentence string) {
	switch {
	case !counted.On && counted.Done > 0:
		return featureOff, "Off. HubSpot keeps what is there; nothing is deleted."
	case !counted.On:
		return featureOff, "Off."
	case !connected:
		return featureWaiting, "Waits for a connection."
	case f.behind && !o.Contacts:
		return featureWaiting, "Waits for Sync Contacts: nothing of it is sent until that is on."
	case f.key == settings.KeyLists && !o.Tags:
		return featureWaiting, "Waits for Tags: lists follow them."
	case f.key == settings.KeyLists && counted.Total == 0:
		return featureOK, "On. No tag has a list yet: choose them in the settings."
	case counted.Attention > 0:
		return featureAttention, fmt.Sprintf("%d of %d need your attention.", counted.Attention, counted.Total)
	case f.entity == kinds.EntityTag && counted.Waiting > 0:
		return featureOK, fmt.Sprintf("%d tags wait for your confirmation on the page Tags.", counted.Waiting)
	case counted.Waiting > 0:
		return featureOK, fmt.Sprintf("%d of %d are on their way.", counted.Waiting, counted.Total)
	case counted.Total == 0:
		return featureOK, "On. There is nothing to send yet."
	}
	return featureOK, "Everything is in HubSpot."
}
