package console

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
)

// pageState is what a form post adds to the page: what was entered, what was
// wrong with it, what a test found.
type pageState struct {
	entered map[string]string
	problem *problem
	report  *integration.Report
}

// apart reports whether the settings have a page of their own: once a plugin is
// connected. Until then its overview is the page on which to connect it.
func (c *Console) apart(k *call) (bool, error) {
	if !can[integration.Connector](k.plugin) {
		return false, nil
	}
	s, err := c.stored(k)
	if err != nil {
		return false, err
	}
	return c.connected(k, s)
}

func (c *Console) showSettings(k *call) error {
	apart, err := c.apart(k)
	if err != nil {
		return err
	}
	if !apart {
		return c.goBack(k)
	}
	return c.settingsPage(k, http.StatusOK, pageState{})
}

// backToForm leads from the address of a form post to the settings.
func (c *Console) backToForm(k *call) error {
	if k.who.May(integration.PermOperate) {
		if apart, err := c.apart(k); err == nil && apart {
			return c.redirect(k, c.self(k)+"/settings")
		}
	}
	return c.goBack(k)
}

// formPage renders the page that the settings form is on.
func (c *Console) formPage(k *call, status int, st pageState) error {
	apart, err := c.apart(k)
	switch {
	case err != nil:
		return err
	case apart:
		return c.settingsPage(k, status, st)
	default:
		return c.integrationPage(k, status, st)
	}
}

// settingsPage renders the settings of a plugin that is connected.
func (c *Console) settingsPage(k *call, status int, st pageState) error {
	v := integrationView{view: c.newView(k), Connected: true}
	v.Tab = "settings"
	if err := c.addForm(k, &v, st); err != nil {
		return err
	}
	return c.render(k, status, "settingspage", k.spec.Name+" settings", v)
}

// addForm adds the settings form to a page, and what came of a post of it.
func (c *Console) addForm(k *call, v *integrationView, st pageState) error {
	stored, err := c.stored(k)
	if err != nil {
		return err
	}
	v.Form, v.Report = c.newFormView(k, stored, st, !v.Configure), st.report
	if st.report != nil {
		for _, it := range st.report.Items {
			if it.State == "failed" {
				v.Failed++
			}
		}
	}
	c.blame(k, &v.view, st.problem, settingLinks(k.spec.Schema))
	return nil
}

// settingLinks leads from a refused setting to its field.
func settingLinks(schema integration.Schema) map[string]fieldLink {
	out := map[string]fieldLink{}
	for _, f := range schema.Fields() {
		out[f.Key] = fieldLink{f.Label, "field-" + f.Key}
	}
	return out
}

// postSettingsForm reads a form of settings and hands it to an operation.
func (c *Console) postSettingsForm(k *call, what string, do func(*call, payload) error) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	p, err := payloadOf(k.spec.Schema, form)
	if err == nil {
		err = do(k, p)
	}
	if err != nil {
		return c.refused(k, err, func(k *call, status int, q *problem) error {
			return c.formPage(k, status, pageState{entered: p.values, problem: q})
		})
	}
	to := c.self(k)
	if what == "settings" {
		if apart, err := c.apart(k); err == nil && apart {
			to += "/settings"
		}
	}
	return c.redirect(k, to+flash(what, -1))
}

func (c *Console) postConnect(k *call) error {
	return c.postSettingsForm(k, "connect", func(k *call, p payload) error { _, err := c.connect(k, p); return err })
}

func (c *Console) postSettings(k *call) error {
	return c.postSettingsForm(k, "settings", func(k *call, p payload) error { _, err := c.save(k, p); return err })
}

// postTest shows the checklist on the page itself: nothing was changed, so
// there is nothing to lead away from.
func (c *Console) postTest(k *call) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	p, err := payloadOf(k.spec.Schema, form)
	if err != nil {
		return err
	}
	report, err := c.test(k, p)
	if err != nil {
		return c.refused(k, err, func(k *call, status int, q *problem) error {
			return c.formPage(k, status, pageState{entered: p.values, problem: q})
		})
	}
	return c.formPage(k, http.StatusOK, pageState{entered: p.values, report: &report})
}
