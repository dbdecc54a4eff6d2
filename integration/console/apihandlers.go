package console

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
)

func (c *Console) apiConnect(k *call) (reply, error) {
	p, err := c.readJSON(k)
	if err != nil {
		return reply{}, err
	}
	saved, err := c.connect(k, p)
	if err != nil {
		return reply{}, err
	}
	out := c.afterChange(k, true)
	out.etag = etag(saved.Version)
	return out, nil
}

func (c *Console) apiDisconnect(k *call) (reply, error) {
	if err := c.noBody(k); err != nil {
		return reply{}, err
	}
	if err := c.disconnect(k); err != nil {
		return reply{}, err
	}
	return c.afterChange(k, false), nil
}

func (c *Console) apiTest(k *call) (reply, error) {
	p, err := c.readJSON(k)
	if err != nil {
		return reply{}, err
	}
	report, err := c.test(k, p)
	return reply{body: report}, err
}

func (c *Console) apiStatus(k *call) (reply, error) {
	s, err := c.status(k)
	return reply{body: newStatusDoc(s)}, err
}

func (c *Console) apiSettings(k *call) (reply, error) {
	s, err := c.stored(k)
	return c.settingsReply(k, s), err
}

func (c *Console) apiSave(k *call) (reply, error) {
	p, err := c.readJSON(k)
	if err != nil {
		return reply{}, err
	}
	s, err := c.save(k, p)
	return c.settingsReply(k, s), err
}

func (c *Console) settingsReply(k *call, s integration.StoredSettings) reply {
	return reply{body: settingsDoc(k.spec.Schema, s), etag: etag(s.Version)}
}

func (c *Console) apiSync(k *call) (reply, error) {
	if err := c.noBody(k); err != nil {
		return reply{}, err
	}
	run, err := c.sync(k)
	return reply{status: http.StatusAccepted, body: runDoc{true, &run}}, err
}

func (c *Console) apiLastSync(k *call) (reply, error) {
	run, found, err := c.lastSync(k)
	if !found {
		return reply{body: runDoc{}}, err
	}
	return reply{body: runDoc{true, &run}}, err
}

func (c *Console) apiLog(k *call) (reply, error) {
	q, err := logQuery(k.r.URL.Query())
	if err != nil {
		return reply{}, err
	}
	page, err := c.records(k, q)
	return reply{body: newPageDoc(page)}, err
}

func (c *Console) apiRecord(k *call) (reply, error) {
	r, history, err := c.syncRecord(k, k.r.PathValue("record"))
	if history == nil {
		history = []integration.SyncAttempt{}
	}
	return reply{body: newRecordDoc(r, history)}, err
}

func (c *Console) apiRetry(k *call) (reply, error) {
	if err := c.noBody(k); err != nil {
		return reply{}, err
	}
	err := c.retry(k, k.r.PathValue("record"))
	return reply{status: http.StatusAccepted, body: map[string]int{"retried": 1}}, err
}

// apiRetryAll reads {"code": "..."}, or the query parameter code; without
// either it retries every failed record.
func (c *Console) apiRetryAll(k *call) (reply, error) {
	p, err := c.readJSON(k)
	if err != nil {
		return reply{}, err
	}
	code := k.r.URL.Query().Get("code")
	for key, value := range p.values {
		if key != "code" {
			return reply{}, invalid(integration.FieldErrors{key: {"Only a code is expected here."}})
		}
		code = value
	}
	n, err := c.retryAll(k, code)
	return reply{status: http.StatusAccepted, body: map[string]int{"retried": n}}, err
}

func (c *Console) apiPause(k *call) (reply, error)  { return c.apiSetPaused(k, true) }
func (c *Console) apiResume(k *call) (reply, error) { return c.apiSetPaused(k, false) }

func (c *Console) apiSetPaused(k *call, paused bool) (reply, error) {
	if err := c.noBody(k); err != nil {
		return reply{}, err
	}
	if err := c.setPaused(k, paused); err != nil {
		return reply{}, err
	}
	return c.afterChange(k, true), nil
}

func (c *Console) apiRecheck(k *call) (reply, error) {
	if err := c.noBody(k); err != nil {
		return reply{}, err
	}
	if err := c.recheck(k); err != nil {
		return reply{}, err
	}
	return c.afterChange(k, true), nil
}

func (c *Console) apiDiagnose(k *call) (reply, error) {
	s, err := c.diagnose(k, k.r.PathValue("clientId"))
	return reply{body: newStatusDoc(s)}, err
}

// afterChange answers with the status after a change. The change is committed:
// that the status cannot be read just now must not look like a failure of it.
func (c *Console) afterChange(k *call, connected bool) reply {
	if can[integration.Reporter](k.plugin) {
		if s, err := c.status(k); err == nil {
			return reply{body: newStatusDoc(s)}
		}
	}
	return reply{body: map[string]bool{"connected": connected}}
}
