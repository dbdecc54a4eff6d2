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
	Form      *formView // nil: the reader may not see settings
	Report    *integration.Report
	Failed    int // items of the report
	API       string
}

// pageState is what a form post adds to the page: what was entered, what was
// wrong with it, what a test found.
type pageState struct {
	entered map[string]string
	problem *problem
	report  *integration.Report
}

func (c *Console) showIntegration(k *call) error {
	return c.integrationPage(k, http.StatusOK, pageState{})
}

// integrationPage renders the page with status and settings as they are now.
func (c *Console) integrationPage(k *call, status int, st pageState) error {
	f := c.face(k)
	v := integrationView{view: c.newView(k), Report: st.report, API: apiPath + string(k.spec.ID) + "/status"}
	v.Tab = "overview"
	if st.problem != nil {
		v.Notice, v.Problem, v.Retry = "", st.problem, f.atPointer(st.problem.RetryAt)
	}
	if v.HasStatus {
		s, err := c.status(k)
		if err != nil {
			return err
		}
		v.Status, v.Connected = newStatusView(s, f), s.Connected
	}
	if v.Operate {
		stored, err := c.stored(k)
		if err != nil {
			return err
		}
		if !v.HasStatus && v.HasConnect {
			if v.Connected, err = c.connected(k, stored); err != nil {
				return err
			}
		}
		v.Form = newFormView(k.spec.Schema, stored, f, st, !v.Configure)
	}
	if st.report != nil {
		for _, it := range st.report.Items {
			if it.State == "failed" {
				v.Failed++
			}
		}
	}
	if st.problem != nil {
		c.problemHeader(k.w, st.problem)
	}
	return c.render(k, status, "integration", k.spec.Name, v)
}

// refused shows what came of a form post on the page of the form. What is not
// about this page (no role, a foreign origin, a body too large) gets its own.
func (c *Console) refused(k *call, err error, entered map[string]string) error {
	p := c.refuse(k, err)
	switch p.Status {
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusGatewayTimeout:
		return c.integrationPage(k, p.Status, pageState{entered: entered, problem: p})
	}
	return p
}

// done leads back to the page after a form post that worked.
func (c *Console) done(k *call, what string, n int) error {
	return c.redirect(k, c.self(k)+flash(what, n))
}

// postSettingsForm reads a form of settings and hands it to an operation.
func (c *Console) postSettingsForm(k *call, what string, do func(*call, payload) error) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	p, err := payloadOf(form)
	if err == nil {
		err = do(k, p)
	}
	if err != nil {
		return c.refused(k, err, p.values)
	}
	return c.done(k, what, -1)
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
	p, err := payloadOf(form)
	if err != nil {
		return err
	}
	report, err := c.test(k, p)
	if err != nil {
		return c.refused(k, err, p.values)
	}
	return c.integrationPage(k, http.StatusOK, pageState{entered: p.values, report: &report})
}

// postAction reads a form without settings and does one thing.
func (c *Console) postAction(k *call, what string, do func(*call, url.Values) (int, error)) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	n, err := do(k, form)
	if err != nil {
		return c.refused(k, err, nil)
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
