package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// memberTagsView is the catalog with what one member has of it.
type memberTagsView struct {
	view
	Path     string
	Label    string // the host's name of the member, else the id
	HostPath string
	Rows     []memberTagRow
}

type memberTagRow struct {
	Tag, Label   string
	Has          bool
	Mark         stateMark
	Since, Last  moment
	Cause        string
	ByHand       bool
	Path, ID     string
	EnteredCause string
	Errors       []string
}

// handState is a refused change by hand.
type handState struct {
	tag, cause string
	problem    *problem
}

func (c *Console) showMemberTags(k *call) error {
	return c.memberTagsPage(k, http.StatusOK, handState{})
}

func (c *Console) memberTagsPage(k *call, status int, st handState) error {
	id := k.r.PathValue("member")
	tags, err := c.memberTags(k, id)
	if err != nil {
		return err
	}
	board, err := c.tagBoard(k)
	if err != nil {
		return err
	}
	named := c.describe(k, []string{id})[id]
	v := memberTagsView{view: c.newView(k), Path: c.memberTagsPath(k, id), Label: named.Label, HostPath: named.Path}
	v.Tab = "tags"
	if v.Label == "" {
		v.Label = id
	}
	links := map[string]fieldLink{}
	for _, t := range board.Tags {
		row := c.memberTagRow(k, t, tags)
		row.Path = v.Path + "/" + url.PathEscape(t.Tag)
		if st.tag == t.Tag {
			row.EnteredCause = st.cause
			if st.problem != nil {
				row.Errors = slices.Concat(st.problem.Errors["cause"], st.problem.Errors["tag"])
				links["cause"], links["tag"] = fieldLink{t.Label + ", why", row.ID}, fieldLink{t.Label, row.ID}
			}
		}
		v.Rows = append(v.Rows, row)
	}
	c.blame(k, &v.view, st.problem, links)
	return c.render(k, status, "membertags", "Tags of a member", v)
}

func (c *Console) memberTagRow(k *call, t integration.TagCount, tags []integration.MemberTag) memberTagRow {
	row := memberTagRow{Tag: t.Tag, Label: t.Label, ID: "cause-" + t.Tag, Mark: stateMark{"off", "off", "Not applied"}}
	i := slices.IndexFunc(tags, func(m integration.MemberTag) bool { return m.Tag == t.Tag })
	if i < 0 {
		return row
	}
	m, f := tags[i], c.face(k)
	row.Has, row.Since, row.Last, row.Cause, row.ByHand = true, f.atPointer(m.Since), f.atPointer(m.LastAt), m.Cause, m.ByHand
	switch {
	case m.Held:
		row.Mark = stateMark{"paused", "hold", "Held until confirmed"}
	case m.Sent:
		row.Mark = stateMark{"ok", "ok", "In " + k.spec.Name}
	default:
		row.Mark = stateMark{"waiting", "wait", "On its way"}
	}
	return row
}

func (c *Console) postMemberTag(k *call) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	id, st := k.r.PathValue("member"), handState{tag: k.r.PathValue("tag"), cause: form.Get("cause")}
	applied := form.Get("applied")
	if applied != "true" && applied != "false" {
		return malformed("The form does not say whether the tag is applied or removed.")
	}
	if err := c.setTag(k, id, st.tag, applied == "true", st.cause); err != nil {
		return c.refused(k, err, func(k *call, status int, p *problem) error {
			st.problem = p
			return c.memberTagsPage(k, status, st)
		})
	}
	return c.redirect(k, c.memberTagsPath(k, id)+flash("tag-"+appliedWord(applied == "true"), -1))
}

func (c *Console) backToMember(k *call) error {
	return c.redirect(k, c.memberTagsPath(k, k.r.PathValue("member")))
}
