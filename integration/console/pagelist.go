package console

import "github.com/memberpulse/hubspotplugin/integration"

type listView struct {
	view
	Groups []listGroup
}

type listGroup struct {
	Category string
	Items    []listItem
}

type listItem struct {
	Spec     integration.Spec
	Path     string
	Mark     *healthView // nil: the plugin does not report
	Sentence string
}

// showList is the page of all integrations. One whose status cannot be read
// says so; the others are shown.
func (c *Console) showList(k *call) error {
	v := listView{view: c.newView(k)}
	for _, p := range c.cfg.Registry.All() {
		spec := p.Spec()
		item := listItem{Spec: spec, Path: c.cfg.BasePath + "/" + string(spec.ID)}
		if reporter, ok := p.(integration.Reporter); ok {
			s, err := reporter.Status(k.ctx(), k.tenant())
			mark := healthOf(s)
			item.Mark, item.Sentence = &mark, s.Sentence
			if err != nil {
				_ = c.refuse(k, inStore(err)) // for the log
				item.Mark, item.Sentence = &healthView{"off", "Unknown"}, "The status cannot be read just now. Reload this page in a minute."
			}
		}
		i := len(v.Groups)
		for j := range v.Groups {
			if v.Groups[j].Category == spec.Category {
				i = j
			}
		}
		if i == len(v.Groups) {
			v.Groups = append(v.Groups, listGroup{Category: spec.Category})
		}
		v.Groups[i].Items = append(v.Groups[i].Items, item)
	}
	return c.render(k, 200, "list", "Integrations", v)
}
