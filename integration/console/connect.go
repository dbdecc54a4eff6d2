package console

import (
	"database/sql"
	"errors"
	"maps"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// stored loads the tenant's settings; a tenant that has none gets version 0.
func (c *Console) stored(k *call) (integration.StoredSettings, error) {
	s, err := c.cfg.Settings.Load(k.ctx(), k.tenant(), k.spec.ID)
	if errors.Is(err, integration.ErrNotFound) {
		return integration.StoredSettings{ClientID: k.tenant(), Integration: k.spec.ID}, nil
	}
	if err != nil {
		return s, inStore(err)
	}
	k.hide(s.Settings)
	return s, nil
}

// connected asks the plugin. Of a plugin that does not report, the settings
// tell: connecting stores every required secret, disconnecting forgets them.
func (c *Console) connected(k *call, s integration.StoredSettings) (bool, error) {
	if reporter, ok := k.plugin.(integration.Reporter); ok {
		status, err := reporter.Status(k.ctx(), k.tenant())
		return status.Connected, inStore(err)
	}
	if s.Version == 0 {
		return false, nil
	}
	for _, f := range k.spec.Schema.Fields() {
		if f.Type == integration.TypeSecret && f.Required && s.Settings.Secret(f.Key).IsZero() {
			return false, nil
		}
	}
	return true, nil
}

// parse reads the sent values over the stored settings.
func (c *Console) parse(k *call, p payload) (old integration.StoredSettings, parsed integration.Settings, err error) {
	old, err = c.stored(k)
	if err != nil {
		return old, parsed, err
	}
	if p.version != nil && *p.version != old.Version {
		return old, parsed, stale()
	}
	parsed, err = k.spec.Schema.Parse(p.values, old.Settings)
	k.hide(parsed)
	if err == nil {
		err = c.checkChoices(k, p.values, old.Settings, parsed)
	}
	return old, parsed, err
}

// connect makes the sent settings, over the stored ones, live.
func (c *Console) connect(k *call, p payload) (integration.StoredSettings, error) {
	old, parsed, err := c.parse(k, p)
	if err != nil {
		return old, err
	}
	return c.apply(k, "connect", old, parsed, true)
}

// save stores the sent settings, and makes them live if the tenant is
// connected. Before that it checks only their form.
func (c *Console) save(k *call, p payload) (integration.StoredSettings, error) {
	old, parsed, err := c.parse(k, p)
	if err != nil {
		return old, err
	}
	live := false
	if can[integration.Connector](k.plugin) {
		if live, err = c.connected(k, old); err != nil {
			return old, err
		}
	}
	return c.apply(k, "update", old, parsed, live)
}

// apply is the one way in which settings change. The vendor is asked first,
// with no transaction open; old.Version then guards against everything that
// happened meanwhile, a disconnect included.
func (c *Console) apply(k *call, action string, old integration.StoredSettings, parsed integration.Settings, live bool) (integration.StoredSettings, error) {
	var connector integration.Connector
	if live {
		connector = k.plugin.(integration.Connector) // the route or save asked
		if err := c.pace.take(k.tenant(), k.spec.ID); err != nil {
			return old, err
		}
		if err := connector.Prepare(k.ctx(), k.tenant(), parsed); err != nil {
			return old, atVendor(err)
		}
	}
	next := c.succeed(k, old, parsed)
	record := c.audit(k, action, changesOf(k.spec.Schema, old.Settings, parsed))
	err := c.inTx(k.ctx(), record, func(tx *sql.Tx) error {
		saved, err := c.cfg.Settings.Save(k.ctx(), tx, next)
		if err != nil {
			return err
		}
		next = saved
		if !live {
			return nil
		}
		return connector.Connect(k.ctx(), tx, k.tenant(), parsed)
	})
	if err != nil {
		return old, err
	}
	return next, nil
}

// succeed returns what follows old, with who set which secret when.
func (c *Console) succeed(k *call, old integration.StoredSettings, parsed integration.Settings) integration.StoredSettings {
	now := c.cfg.Now().UTC()
	next := old
	next.Settings, next.UpdatedAt, next.UpdatedBy = parsed, now, k.who.UserID
	next.SecretsSetAt, next.SecretsSetBy = maps.Clone(old.SecretsSetAt), maps.Clone(old.SecretsSetBy)
	if next.SecretsSetAt == nil {
		next.SecretsSetAt = map[string]time.Time{}
	}
	if next.SecretsSetBy == nil {
		next.SecretsSetBy = map[string]string{}
	}
	for _, key := range parsed.Changed(old.Settings) {
		if !parsed.Secret(key).IsZero() {
			next.SecretsSetAt[key], next.SecretsSetBy[key] = now, k.who.UserID
		}
	}
	return next
}

// disconnect drops what waits and destroys the secrets.
func (c *Console) disconnect(k *call) error {
	old, err := c.stored(k)
	if err != nil {
		return err
	}
	if on, err := c.connected(k, old); err != nil {
		return err
	} else if !on {
		return integration.ErrNotConnected
	}
	return c.inTx(k.ctx(), c.audit(k, "disconnect", nil), func(tx *sql.Tx) error {
		if err := k.plugin.(integration.Connector).Disconnect(k.ctx(), tx, k.tenant()); err != nil {
			return err
		}
		return c.cfg.Settings.Forget(k.ctx(), tx, k.tenant(), k.spec.ID)
	})
}

// test tries settings at the vendor and changes nothing. Someone who may not
// configure tests what is stored; a key of his own would be configuring.
func (c *Console) test(k *call, p payload) (integration.Report, error) {
	if len(p.values) > 0 && !k.who.May(integration.PermConfigure) {
		return integration.Report{}, forbidden(k.who, integration.PermConfigure)
	}
	p.version = nil // nothing is saved, so nothing can be overwritten
	_, parsed, err := c.parse(k, p)
	if err != nil {
		return integration.Report{}, err
	}
	if err := c.pace.take(k.tenant(), k.spec.ID); err != nil {
		return integration.Report{}, err
	}
	report, err := k.plugin.(integration.Connector).Check(k.ctx(), k.tenant(), parsed)
	if err != nil {
		return integration.Report{}, atVendor(err)
	}
	outcome := "failed"
	if report.OK {
		outcome = "ok"
	}
	if err := c.inTx(k.ctx(), c.audit(k, "test", one("outcome", outcome)), nil); err != nil {
		return integration.Report{}, err
	}
	items := make([]integration.CheckItem, len(report.Items))
	for i, it := range report.Items {
		it.Name, it.Detail, it.Fix = k.clean(it.Name), k.clean(it.Detail), k.clean(it.Fix)
		items[i] = it
	}
	report.Items = items
	return report, nil
}
