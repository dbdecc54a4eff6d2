package console

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

// logView is a page of the sync log.
type logView struct {
	view
	Query       integration.SyncQuery
	Types       []choice
	Statuses    []choice
	Records     []recordView
	Range       string
	Total       int
	Prev, Next  string // addresses, "" = none
	Filtered    bool
	WithoutCode string // address of the same filter without its code
}

type choice struct {
	Value, Label string
	Selected     bool
}

type recordView struct {
	integration.SyncRecord
	Path      string
	Label     string // the host's name of the entity, else its id
	HostPath  string
	UpdatedAt moment
	CreatedAt moment
	SyncedAt  moment
	NextAt    moment
	Failed    bool
	Kind      string // its type in words
	Change    string // of a tag: applied or removed
	Occurred  moment
	TagsPath  string // the tags of the member
	OfMember  bool   // its id here is a member's
}

var statusChoices = []choice{{"", "Every status", false}, {"synced", "In sync", false}, {"excluded", "Not included", false},
	{"failed", "Needs attention", false}, {"pending", "Waiting", false}}

// typeChoices are the types that the contract names (integration.SyncRecord).
var typeChoices = []choice{{"", "Every type", false}, {"contact", "Contact", false}, {"company", "Company", false}, {"association", "Association", false},
	{"tag", "Tag", false}, {"activity", "Activity", false}, {"note", "Note", false}, {"event", "Event", false},
	{"attendance", "Event attendance", false}, {"custom-event", "Custom event", false}}

// typeLabel is what pages call a type of record.
func typeLabel(entity string) string {
	if i := slices.IndexFunc(typeChoices, func(c choice) bool { return c.Value == entity }); i >= 0 {
		return typeChoices[i].Label
	}
	return entity
}

// pickFrom marks the chosen one, adding it if the list does not have it.
func pickFrom(choices []choice, value string) []choice {
	out, found := slices.Clone(choices), false
	for i := range out {
		out[i].Selected = out[i].Value == value
		found = found || out[i].Selected
	}
	if !found {
		out = append(out, choice{value, value, true})
	}
	return out
}

func (c *Console) showLog(k *call) error {
	q, err := logQuery(k.r.URL.Query())
	if err != nil {
		return err
	}
	page, err := c.records(k, q)
	if err != nil {
		return err
	}
	v := logView{view: c.newView(k), Query: q, Total: page.Total, Filtered: q.EntityType != "" || q.Status != "" || q.Code != "" || q.Search != "",
		Types: pickFrom(typeChoices, q.EntityType), Statuses: pickFrom(statusChoices, string(q.Status))}
	v.Tab = "log"
	v.Records = c.recordViews(k, page.Records...)
	if from := (q.Page - 1) * q.ItemsPerPage; len(page.Records) > 0 {
		v.Range = number(from+1) + " to " + number(from+len(page.Records)) + " of " + number(page.Total)
		if from+len(page.Records) < page.Total {
			v.Next = logPath(v.Self, q, q.Page+1)
		}
	}
	if q.Page > 1 {
		v.Prev = logPath(v.Self, q, q.Page-1)
	}
	if q.Code != "" {
		without := q
		without.Code = ""
		v.WithoutCode = logPath(v.Self, without, 1)
	}
	return c.render(k, http.StatusOK, "log", k.spec.Name+" sync log", v)
}

func logPath(self string, q integration.SyncQuery, page int) string {
	v := url.Values{}
	for key, value := range map[string]string{"entityType": q.EntityType, "status": string(q.Status), "code": q.Code, "search": q.Search} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	if q.ItemsPerPage != defaultPerPage {
		v.Set("itemsPerPage", strconv.Itoa(q.ItemsPerPage))
	}
	if len(v) == 0 {
		return self + "/log"
	}
	return self + "/log?" + v.Encode()
}

// describe asks the host for names of entities; without an answer there are
// none.
func (c *Console) describe(k *call, ids []string) map[string]Described {
	if c.cfg.Describe == nil || len(ids) == 0 {
		return nil
	}
	names, err := c.cfg.Describe(k.ctx(), k.who, ids)
	if err != nil {
		c.cfg.Logger.LogAttrs(k.ctx(), slog.LevelWarn, "console: names of entities", slog.String("request", k.id), slog.String("error", err.Error()))
		return nil
	}
	return names
}

// recordViews prepares records, with the host's names if it gives any.
func (c *Console) recordViews(k *call, records ...integration.SyncRecord) []recordView {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.MemberPulseEntityID
	}
	names := c.describe(k, ids)
	f := c.face(k)
	out := make([]recordView, len(records))
	for i, r := range records {
		named := names[r.MemberPulseEntityID]
		if named.Label == "" {
			named.Label = r.MemberPulseEntityID
		}
		out[i] = recordView{SyncRecord: r, Path: c.self(k) + "/log/" + url.PathEscape(r.ID), Label: named.Label, HostPath: named.Path,
			UpdatedAt: f.at(r.UpdatedAt), CreatedAt: f.at(r.CreatedAt), SyncedAt: f.atPointer(r.LastSyncAt), NextAt: f.atPointer(r.NextAttemptAt),
			Failed: r.Status == integration.SyncFailed, Kind: r.EntityType, Occurred: f.atPointer(r.OccurredAt)}
		out[i].Kind = typeLabel(r.EntityType)
		out[i].OfMember = slices.Contains([]string{"contact", "tag", "association", "attendance"}, r.EntityType)
		if r.Applied != nil {
			out[i].Change = map[bool]string{true: "applied", false: "removed"}[*r.Applied]
		}
		if (r.EntityType == "contact" || r.EntityType == "tag") && can[integration.Tagger](k.plugin) && k.who.May(integration.PermOperate) && integration.ValidUUID(r.MemberPulseEntityID) {
			out[i].TagsPath = c.memberTagsPath(k, r.MemberPulseEntityID)
		}
	}
	return out
}

type recordPage struct {
	view
	Record   recordView
	Attempts []attemptView
}

type attemptView struct {
	integration.SyncAttempt
	When moment
}

func (c *Console) showRecord(k *call) error {
	return c.recordPage(k, http.StatusOK, nil)
}

// recordPage is one record with its history, and what came of a refused retry.
func (c *Console) recordPage(k *call, status int, p *problem) error {
	r, history, err := c.syncRecord(k, k.r.PathValue("record"))
	if err != nil {
		return err
	}
	f := c.face(k)
	v := recordPage{view: c.newView(k), Record: c.recordViews(k, r)[0]}
	v.Tab = "log"
	c.blame(k, &v.view, p, nil)
	for _, a := range history {
		v.Attempts = append(v.Attempts, attemptView{a, f.at(a.At)})
	}
	return c.render(k, status, "record", k.spec.Name+" sync record", v)
}

func (c *Console) postRetry(k *call) error {
	if _, err := c.readForm(k); err != nil {
		return err
	}
	id := k.r.PathValue("record")
	if err := c.retry(k, id); err != nil {
		if p := c.refuse(k, err); p.Status == http.StatusConflict || p.Status == http.StatusTooManyRequests {
			return c.recordPage(k, p.Status, p)
		}
		return err
	}
	return c.redirect(k, c.self(k)+"/log/"+url.PathEscape(id)+flash("retry", 1))
}
