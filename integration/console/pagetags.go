package console

import (
	"net/http"
	"net/url"

	"github.com/memberpulse/hubspotplugin/integration"
)

// tagsView is the board of all tags.
type tagsView struct {
	view
	Board   integration.TagBoard
	Rows    []tagRow
	Gate    *gateView // nil: nothing is held back
	Past    *gateView // what ended before, once the gate is open; nil: nothing
	History bool      // marked in a refused post
}

type tagRow struct {
	integration.TagCount
	Mark    stateMark
	Changed moment
}

// gateView is what a confirmation does, in numbers.
type gateView struct {
	Why     string
	Wait    string // why it cannot be confirmed yet, "" = it can
	Members int
	Gains   []gain
	History []gain
}

// gain is how many members gain a tag.
type gain struct {
	Label, Tag string
	N          int
}

func (c *Console) showTags(k *call) error { return c.tagsPage(k, http.StatusOK, false, nil) }

func (c *Console) tagsPage(k *call, status int, history bool, p *problem) error {
	b, err := c.tagBoard(k)
	if err != nil {
		return err
	}
	f := c.face(k)
	v := tagsView{view: c.newView(k), Board: b, History: history}
	v.Tab = "tags"
	for _, t := range b.Tags {
		v.Rows = append(v.Rows, tagRow{t, tagMark(b, t), f.atPointer(t.LastChange)})
	}
	if !b.Gate.Open && (b.On || b.Gate.Reason == "refill") {
		v.Gate = newGateView(b, k.spec.Name)
	}
	if b.Gate.Open && b.On && len(b.Gate.History) > 0 {
		v.Past = newGateView(b, k.spec.Name)
	}
	c.blame(k, &v.view, p, nil)
	return c.render(k, status, "tags", k.spec.Name+" tags", v)
}

func tagMark(b integration.TagBoard, t integration.TagCount) stateMark {
	switch {
	case !b.On:
		return stateMark{"off", "off", "Off"}
	case t.Waiting == 0 && t.Sent == t.Should:
		return stateMark{"ok", "ok", "Complete"}
	case b.Gate.Gains[t.Tag] > 0 && !b.Gate.Open:
		return stateMark{"paused", "hold", "Held back"}
	default:
		return stateMark{"waiting", "wait", "Waiting"}
	}
}

func newGateView(b integration.TagBoard, name string) *gateView {
	g := &gateView{Members: b.Gate.Members, Why: "These tags held before " + name + " began to receive tags. They are sent once you confirm it."}
	if b.Gate.Reason == "refill" {
		g.Why = "A property that receives tags is to be filled in " + name + ": it was lost and made again, or you chose another one. The tags are sent there once you confirm it."
	}
	if !b.Gate.Ready {
		g.Wait = "Not everybody has been looked at yet, so the numbers are not final. You can confirm once the sync that is under way has ended."
	}
	for _, t := range b.Tags {
		if n := b.Gate.Gains[t.Tag]; n > 0 {
			g.Gains = append(g.Gains, gain{t.Label, t.Tag, n})
		}
		if n := b.Gate.History[t.Tag]; n > 0 {
			g.History = append(g.History, gain{t.Label, t.Tag, n})
		}
	}
	return g
}

func (c *Console) postConfirmTags(k *call) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	history := form.Get("history") == "true"
	if err := c.confirmTags(k, history); err != nil {
		return c.refused(k, err, func(k *call, status int, p *problem) error { return c.tagsPage(k, status, history, p) })
	}
	return c.redirect(k, c.self(k)+"/tags"+flash("tags", -1))
}

// backTo leads from the address of a form post to one of the pages.
func backTo(page string) func(*Console, *call) error {
	return func(c *Console, k *call) error { return c.redirect(k, c.self(k)+page) }
}

// memberTagsPath is the page of one member's tags.
func (c *Console) memberTagsPath(k *call, id string) string {
	return c.self(k) + "/members/" + url.PathEscape(id) + "/tags"
}
