package console

import (
	"cmp"
	"net/url"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// featureView is one part of the sync that has a switch, with its counts.
type featureView struct {
	integration.Feature
	Mark    stateMark
	Counts  []countView // they add up to Total
	Sum     string      // how many records, and where they all are
	SumPath string
	Reasons []countView
	Setting string // address of its switch, "" if the reader may not see it
	Act     *tab   // the page on which somebody has to act
}

// countView is a number that leads to its records.
type countView struct {
	Label, Text, Path string // Path "" = no way there
	N                 int
}

// featureViews prepares the features for the overview.
func featureViews(v view, schema integration.Schema, features []integration.Feature) []featureView {
	out := make([]featureView, len(features))
	for i, f := range features {
		fv := featureView{Feature: f, Mark: featureMark(f), Sum: count(f.Total, "record", "records")}
		logged := func(status integration.SyncStatus, code string) string {
			if f.EntityType == "tag" && v.HasTags {
				return v.Self + "/tags" // the board has the same counts; the log has changes
			}
			if !v.HasLog || f.EntityType == "" && code == "" {
				return ""
			}
			return logPath(v.Self, integration.SyncQuery{EntityType: f.EntityType, Status: status, Code: code, ItemsPerPage: defaultPerPage}, 1)
		}
		fv.SumPath = logged("", "")
		for _, n := range []countView{
			{"done", "", logged(integration.SyncSynced, ""), f.Done},
			{"waiting", "", logged(integration.SyncPending, ""), f.Waiting},
			{"not included", "", logged(integration.SyncExcluded, ""), f.NotIncluded},
			{cmp.Or(map[int]string{1: "needs attention"}[f.Attention], "need attention"), "", logged(integration.SyncFailed, ""), f.Attention},
		} {
			n.Text = number(n.N)
			fv.Counts = append(fv.Counts, n)
		}
		for _, r := range f.Reasons {
			fv.Reasons = append(fv.Reasons, countView{r.Title, number(r.Count), logged(integration.SyncExcluded, r.Code), r.Count})
		}
		slices.SortStableFunc(fv.Reasons, func(a, b countView) int { return cmp.Compare(b.N, a.N) })
		if _, ok := schema.Field(f.Key); ok && v.Operate {
			fv.Setting = v.Self + "/settings#field-" + url.PathEscape(f.Key)
		}
		fv.Act = v.pageOf(f)
		out[i] = fv
	}
	return out
}

// featureMark is a feature's state in words and shape. What waits for something
// says so before anything else.
func featureMark(f integration.Feature) stateMark {
	switch {
	case !f.On:
		return stateMark{"off", "off", "Off"}
	case f.State == "waiting":
		return stateMark{"waiting", "hold", "On, waiting"}
	case f.State == "attention":
		return stateMark{"degraded", "warn", "On, needs attention"}
	case f.State == "ok":
		return stateMark{"ok", "ok", "On"}
	default:
		return stateMark{"unknown", "off", "On"}
	}
}

// link leads from numbers to their records. Where a log holds records of other
// types than members', members are the contacts in it.
func (s *statusView) link(v view) {
	for _, f := range s.Features {
		if f.Attention == 0 || !s.Connected {
			continue
		}
		n := countView{Label: f.Name, Text: number(f.Attention), Path: "#ic-incidents-title", N: f.Attention}
		if v.HasLog && f.EntityType != "" {
			n.Path = logPath(v.Self, integration.SyncQuery{EntityType: f.EntityType, Status: integration.SyncFailed, ItemsPerPage: defaultPerPage}, 1)
		}
		s.Needs = append(s.Needs, n)
	}
	if !v.HasLog {
		return
	}
	for i, inc := range s.Incidents {
		q := integration.SyncQuery{EntityType: inc.EntityType, Code: inc.Code, ItemsPerPage: defaultPerPage}
		s.Incidents[i].Records = logPath(v.Self, q, 1)
	}
	members := ""
	if slices.ContainsFunc(s.Features, func(f integration.Feature) bool { return f.EntityType == "contact" }) {
		members = "contact"
	}
	for i, n := range s.Numbers {
		q := integration.SyncQuery{EntityType: members, Status: integration.SyncStatus(n.Status), ItemsPerPage: defaultPerPage}
		s.Numbers[i].Path = logPath(v.Self, q, 1)
		if q.Status == integration.SyncFailed {
			s.Unwell = s.Numbers[i].Path
		}
	}
}

// Adds reports whether the counts are those of all records, so that a page may
// say so.
func (f featureView) Adds() bool {
	return f.Done+f.Waiting+f.NotIncluded+f.Attention == f.Total
}
