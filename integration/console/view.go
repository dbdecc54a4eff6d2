package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// view is what every page knows.
type view struct {
	Root    string // path of the list
	Self    string // path of the integration
	Spec    integration.Spec
	Token   string // for forms, "" if the host has none
	Notice  string
	Problem *problem
	Retry   moment   // when the problem's request may be sent again
	Remarks []remark // what the problem says of single fields
	AsOf    moment
	// Operate and Configure are what the reader may do; Impersonated says that
	// the reader acts for somebody else.
	Operate, Configure, Impersonated bool
	HasConnect, HasStatus            bool
	HasRun, HasLog                   bool
	HasMapping, HasMatching, HasTags bool
	Tab                              string
	Fresh                            bool // not connected, so that there is nothing to look into yet
}

func (c *Console) newView(k *call) view {
	f := c.face(k)
	v := view{
		Root: c.cfg.BasePath, Self: c.self(k), Spec: k.spec, Token: c.formToken(k.r), AsOf: f.at(c.cfg.Now()),
		Operate: k.who.May(integration.PermOperate), Configure: k.who.May(integration.PermConfigure),
		Impersonated: k.who.ImpersonatorID != "",
	}
	if k.plugin != nil {
		v.HasConnect, v.HasStatus = can[integration.Connector](k.plugin), can[integration.Reporter](k.plugin)
		v.HasRun, v.HasLog = can[integration.Runner](k.plugin), can[integration.SyncLogger](k.plugin)
		v.HasMapping, v.HasMatching, v.HasTags = can[integration.PropertyMapper](k.plugin), can[integration.Matcher](k.plugin), can[integration.Tagger](k.plugin)
		v.Notice = notice(k.r.URL.Query(), k.spec.Name)
	}
	return v
}

func (c *Console) self(k *call) string { return c.cfg.BasePath + "/" + string(k.spec.ID) }

func (c *Console) face(k *call) clockface {
	zone := c.cfg.TimeZone(k.ctx(), k.tenant())
	if zone == nil {
		return clockface{c.cfg.Now(), time.UTC}
	}
	return clockface{c.cfg.Now(), zone}
}

// healthView says how things stand in a word, beside a shape.
type healthView struct{ Shape, Word string }

func healthOf(s integration.Status) healthView {
	switch {
	case !s.Connected:
		return healthView{"off", "Not connected"}
	case s.Paused:
		return healthView{"paused", "Paused"}
	case s.Health == integration.HealthOK:
		return healthView{"ok", "Live"}
	case s.Health == integration.HealthDegraded:
		return healthView{"degraded", "Degraded"}
	case s.Health == integration.HealthFailing:
		return healthView{"failing", "Stopped"}
	default:
		return healthView{"off", "Off"}
	}
}

// statusView is a status for a page.
type statusView struct {
	integration.Status
	Mark      healthView
	Numbers   []figure
	Total     string
	Bars      []bar
	LastSync  moment
	Resumes   moment
	Backlog   string // what waits, unless the sentence has said it
	Run       *runView
	Incidents []incidentView
	Unwell    string      // the records of members that need attention
	Needs     []countView // what needs attention, by part
	Blocked   bool        // an incident waits for somebody to act on the connection
}

// figure is a number that leads to its records.
type figure struct {
	Label, Text, Note, Status string
	Path                      string // its records in the sync log, "" = there is none
	N                         int
}

// bar is one part of the line that shows the proportions, in thousandths.
type bar struct {
	Status string
	X, W   int
}

type incidentView struct {
	integration.Incident
	Tone        string // "stop", "warn" or "wait"
	Affects     string
	ID          string // of its element
	Records     string // its records in the sync log
	SinceAt     moment
	NextAt      moment
	ShowRecords bool
}

func newStatusView(s integration.Status, f clockface) *statusView {
	m := s.Members
	v := &statusView{Status: s, Mark: healthOf(s), LastSync: f.atPointer(s.LastSyncAt), Resumes: f.atPointer(s.ResumesAt),
		Total: count(m.Total, "member", "members")}
	if s.Pending > 0 && !strings.Contains(s.Sentence, number(s.Pending)) {
		v.Backlog = count(s.Pending, "change waits", "changes wait") + " to be sent"
		if s.OldestUnsentSeconds > 0 {
			v.Backlog += ", the oldest for " + span(time.Duration(s.OldestUnsentSeconds)*time.Second)
		}
		v.Backlog += "."
	}
	v.Numbers = []figure{
		{"In sync", number(m.InSync), "up to date", string(integration.SyncSynced), "", m.InSync},
		{"Not included", number(m.NotIncluded), "left out, each with its reason", string(integration.SyncExcluded), "", m.NotIncluded},
		{"Needs attention", number(m.NeedsAttention), "each with what to do", string(integration.SyncFailed), "", m.NeedsAttention},
		{"Waiting", number(m.Waiting), "not sent yet", string(integration.SyncPending), "", m.Waiting},
	}
	if sum := m.InSync + m.NotIncluded + m.NeedsAttention + m.Waiting; sum > 0 {
		x, seen := 0, 0
		for _, n := range v.Numbers {
			seen += n.N
			end := seen * 1000 / sum
			if n.N > 0 {
				v.Bars = append(v.Bars, bar{n.Status, x, end - x})
			}
			x = end
		}
	}
	if s.Run != nil {
		v.Run = newRunView(*s.Run, f)
	}
	ids := map[string]int{}
	for _, inc := range s.Incidents {
		iv := incidentView{Incident: inc, Tone: "warn", SinceAt: f.at(inc.Since), NextAt: f.atPointer(inc.NextAttemptAt), ShowRecords: inc.Count > 0}
		// One code can befall several types, and several properties of one.
		iv.ID = strings.Trim(inc.Code+"-"+inc.EntityType, "-")
		if ids[iv.ID]++; ids[iv.ID] > 1 {
			iv.ID += "-" + strconv.Itoa(ids[iv.ID])
		}
		switch {
		case inc.Action == "" && inc.NextAttemptAt != nil:
			iv.Tone = "wait" // mends itself: nothing to do, so nothing in red
		case inc.Blocking:
			iv.Tone = "stop"
		}
		iv.Affects = "Everything"
		if inc.Count > 0 {
			iv.Affects = count(inc.Count, "record", "records")
			if inc.EntityType != "" {
				iv.Affects += " of type " + typeLabel(inc.EntityType)
			}
		} else if !inc.Blocking {
			iv.Affects = ""
		}
		v.Blocked = v.Blocked || inc.Blocking && inc.Action != ""
		v.Incidents = append(v.Incidents, iv)
	}
	slices.SortStableFunc(v.Incidents, func(a, b incidentView) int {
		if a.Blocking != b.Blocking {
			return map[bool]int{true: -1, false: 1}[a.Blocking]
		}
		return cmp.Compare(b.Count, a.Count)
	})
	return v
}

// tab is one of the pages of an integration.
type tab struct{ Key, Label, Path string }

// Tabs are the pages that the reader may open, none if the overview is alone.
func (v view) Tabs() []tab {
	out := []tab{{"overview", "Overview", v.Self}}
	add := func(show bool, key, label, path string) {
		if show {
			out = append(out, tab{key, label, v.Self + path})
		}
	}
	add(v.HasConnect && v.Operate && !v.Fresh, "settings", "Settings", "/settings")
	add(v.HasMapping && v.Operate && !v.Fresh, "mapping", "Property mapping", "/property-mapping")
	add(v.HasMatching && v.Operate && !v.Fresh, "matching", "Match companies", "/matching")
	add(v.HasTags && !v.Fresh, "tags", "Tags", "/tags")
	add(v.HasLog, "log", "Sync log", "/log")
	if len(out) == 1 {
		return nil
	}
	return out
}

// pageOf returns the page on which somebody can move a feature on that waits,
// nil if there is none for it.
func (v view) pageOf(f integration.Feature) *tab {
	switch {
	case f.EntityType == "tag" && v.HasTags:
		return &tab{"tags", "Tags", v.Self + "/tags"}
	case f.EntityType == "company" && v.HasMatching && v.Operate && f.State == "waiting":
		return &tab{"matching", "Match companies", v.Self + "/matching"}
	}
	return nil
}
