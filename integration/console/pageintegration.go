package console

import (
	"net/http"
	"net/url"

	"github.com/memberpulse/hubspotplugin/integration"
)

// integrationView is the settings and status page.
type integrationView struct {
	view
	Status    *statusView // nil: the plugin does not report
	Connected bool
	Form      *formView // nil: the reader may not see settings, or they have a page of their own
	Report    *integration.Report
	Failed    int // items of the report
	API       string
	Features  []featureView
	// Credentials leads to the first secret of the settings.
	Credentials string
}

func (c *Console) showIntegration(k *call) error {
	return c.integrationPage(k, http.StatusOK, pageState{})
}

// integrationPage renders the page with status and settings as they are now.
func (c *Console) integrationPage(k *call, status int, st pageState) error {
	f := c.face(k)
	v := integrationView{view: c.newView(k), API: apiPath + string(k.spec.ID) + "/status"}
	v.Tab = "overview"
	if v.HasStatus {
		s, err := c.status(k)
		if err != nil {
			return err
		}
		v.Status, v.Connected = newStatusView(s, f), s.Connected
		if s.Connected {
			v.Features = featureViews(v.view, k.spec.Schema, s.Features)
		}
		v.Status.link(v.view)
	} else if v.HasConnect && v.Operate {
		var err error
		if v.Connected, err = c.apart(k); err != nil {
			return err
		}
	}
	v.Fresh = v.HasConnect && !v.Connected
	if v.Operate && !v.Connected {
		if err := c.addForm(k, &v, st); err != nil {
			return err
		}
	} else {
		c.blame(k, &v.view, st.problem, nil)
	}
	v.Credentials = credentials(k.spec.Schema, v.Self, v.Connected)
	return c.render(k, status, "integration", k.spec.Name, v)
}

// credentials is the address of the first secret: on this page while it is the
// one on which to connect, else on the page of the settings.
func credentials(schema integration.Schema, self string, connected bool) string {
	at := "#ic-settings"
	for _, f := range schema.Fields() {
		if f.Type == integration.TypeSecret {
			at = "#field-" + f.Key
			break
		}
	}
	if connected {
		return self + "/settings" + at
	}
	return at
}

// done leads back to the page after a form post that worked.
func (c *Console) done(k *call, what string, n int) error {
	return c.redirect(k, c.self(k)+flash(what, n))
}

// postAction reads a form without settings and does one thing.
func (c *Console) postAction(k *call, what string, do func(*call, url.Values) (int, error)) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	n, err := do(k, form)
	if err != nil {
		return c.refused(k, err, func(k *call, status int, p *problem) error {
			return c.integrationPage(k, status, pageState{problem: p})
		})
	}
	return c.done(k, what, n)
}

func (c *Console) postPause(k *call) error {
	return c.postAction(k, "pause", func(k *call, _ url.Values) (int, error) { return -1, c.setPaused(k, true) })
}

func (c *Console) postResume(k *call) error {
	return c.postAction(k, "resume", func(k *call, _ url.Values) (int, error) { return -1, c.setPaused(k, false) })
}

func (c *Console) postRecheck(k *call) error {
	return c.postAction(k, "recheck", func(k *call, _ url.Values) (int, error) { return -1, c.recheck(k) })
}

func (c *Console) postSync(k *call) error {
	return c.postAction(k, "sync", func(k *call, _ url.Values) (int, error) { _, err := c.sync(k); return -1, err })
}

func (c *Console) postRetryAll(k *call) error {
	return c.postAction(k, "retry", func(k *call, form url.Values) (int, error) { return c.retryAll(k, form.Get("code")) })
}

// showDisconnect asks before it happens, and says what goes and what stays.
func (c *Console) showDisconnect(k *call) error {
	v := integrationView{view: c.newView(k)}
	if v.HasStatus {
		s, err := c.status(k)
		if err != nil {
			return err
		}
		if !s.Connected {
			return c.redirect(k, c.self(k))
		}
		v.Status = newStatusView(s, c.face(k))
	}
	return c.render(k, http.StatusOK, "disconnect", "Disconnect "+k.spec.Name, v)
}

func (c *Console) postDisconnect(k *call) error {
	return c.postAction(k, "disconnect", func(k *call, _ url.Values) (int, error) { return -1, c.disconnect(k) })
}
