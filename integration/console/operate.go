package console

import (
	"database/sql"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/memberpulse/hubspotplugin/integration"
)

// setPaused stops or resumes sending.
func (c *Console) setPaused(k *call, paused bool) error {
	action := "resume"
	if paused {
		action = "pause"
	}
	return c.inTx(k.ctx(), c.audit(k, action, nil), func(tx *sql.Tx) error {
		return k.plugin.(integration.Connector).SetPaused(k.ctx(), tx, k.tenant(), paused)
	})
}

// recheck ends a wait for a human. In the audit log it is a retry, of the
// connection and not of a record.
func (c *Console) recheck(k *call) error {
	return c.inTx(k.ctx(), c.audit(k, "retry", one("of", "connection")), func(tx *sql.Tx) error {
		return k.plugin.(integration.Connector).Recheck(k.ctx(), tx, k.tenant())
	})
}

// sync starts a full sync.
func (c *Console) sync(k *call) (integration.Run, error) {
	run, err := k.plugin.(integration.Runner).Sync(k.ctx(), k.tenant())
	if err != nil {
		return run, inStore(err)
	}
	return run, c.record(k, "sync", one("run", run.ID))
}

// lastSync returns the newest run.
func (c *Console) lastSync(k *call) (integration.Run, bool, error) {
	run, found, err := k.plugin.(integration.Runner).LastSync(k.ctx(), k.tenant())
	return run, found, inStore(err)
}

// retry sends the entity of one record again.
func (c *Console) retry(k *call, recordID string) error {
	if err := k.plugin.(integration.SyncLogger).Retry(k.ctx(), k.tenant(), recordID); err != nil {
		return inStore(err)
	}
	return c.record(k, "retry", one("record", recordID))
}

// retryAll sends every failed record of a code again, "" = of any.
func (c *Console) retryAll(k *call, code string) (int, error) {
	n, err := k.plugin.(integration.SyncLogger).RetryAll(k.ctx(), k.tenant(), code)
	if err != nil {
		return n, inStore(err)
	}
	changes := one("count", strconv.Itoa(n))
	if code != "" {
		changes["code"] = integration.AuditChange{New: code}
	}
	return n, c.record(k, "retry", changes)
}

// record enters in the audit log what the plugin has done in a transaction of
// its own. If only that fails, the answer says so: repeating it blindly would
// do it twice.
func (c *Console) record(k *call, action string, changes map[string]integration.AuditChange) error {
	err := c.inTx(k.ctx(), c.audit(k, action, changes), nil)
	if err == nil {
		return nil
	}
	c.cfg.Logger.LogAttrs(k.ctx(), slog.LevelError, "console: done but not in the audit log", slog.String("request", k.id),
		slog.String("action", action), slog.String("client", k.tenant()), slog.String("actor", k.who.UserID), slog.String("error", err.Error()))
	p := newProblem(http.StatusServiceUnavailable, string(integration.StoreFault), "Our database stopped answering.",
		"What you asked for was begun, but it could not be entered in the audit log.", "Look at the status before you ask for it again.")
	p.cause = err
	return p
}

// status tells how the tenant's sync stands.
func (c *Console) status(k *call) (integration.Status, error) {
	s, err := k.plugin.(integration.Reporter).Status(k.ctx(), k.tenant())
	return s, inStore(err)
}

// diagnose tells a platform admin how any tenant's sync stands. That somebody
// looked is recorded before anything is shown, in the tenant's own log.
func (c *Console) diagnose(k *call, clientID string) (integration.Status, error) {
	if !integration.ValidUUID(clientID) {
		return integration.Status{}, missing()
	}
	record := c.audit(k, "diagnose", nil)
	record.ClientID = clientID
	if err := c.inTx(k.ctx(), record, nil); err != nil {
		return integration.Status{}, err
	}
	s, err := k.plugin.(integration.Reporter).Status(k.ctx(), clientID)
	return s, inStore(err)
}

// records returns one page of the sync log.
func (c *Console) records(k *call, q integration.SyncQuery) (integration.SyncPage, error) {
	page, err := k.plugin.(integration.SyncLogger).SyncLog(k.ctx(), k.tenant(), q)
	return page, inStore(err)
}

// syncRecord returns one record of the sync log with its history.
func (c *Console) syncRecord(k *call, id string) (integration.SyncRecord, []integration.SyncAttempt, error) {
	r, attempts, err := k.plugin.(integration.SyncLogger).SyncRecord(k.ctx(), k.tenant(), id)
	return r, attempts, inStore(err)
}
