package console

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// call is one request on its way: who asks, of which plugin, for which tenant.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	id     string // our own id of this request, in the log and a header
	who    integration.Identity
	plugin integration.Plugin
	spec   integration.Spec
	hidden []string // secrets that must not leave in any text
}

// tenant is the identity's, never the request's.
func (k *call) tenant() string       { return k.who.ClientID }
func (k *call) ctx() context.Context { return k.r.Context() }

// hide takes note of secrets, so that no text of this call shows them.
func (k *call) hide(s integration.Settings) {
	for _, secret := range s.Secrets() {
		if v := secret.Reveal(); len(v) >= 4 {
			k.hidden = append(k.hidden, v)
		}
	}
}

func (k *call) clean(text string) string {
	for _, v := range k.hidden {
		text = strings.ReplaceAll(text, v, "[secret]")
	}
	return text
}

// begin establishes what does not depend on the route: the request's id, its
// deadline, the headers of every answer, and the identity.
func (c *Console) begin(w http.ResponseWriter, r *http.Request) (*call, context.CancelFunc, error) {
	ctx, cancel := context.WithTimeout(r.Context(), c.cfg.Timeout)
	k := &call{w: w, r: r.WithContext(ctx), id: rand.Text()}
	h := w.Header()
	h.Set("X-Request-Id", k.id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "+
		"connect-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'")
	who, err := c.cfg.Identify(k.r)
	if err != nil {
		p := problemOf(err, "")
		if p.Status == http.StatusInternalServerError {
			p = unauthenticated()
		}
		return k, cancel, p
	}
	if who.Role == "" {
		return k, cancel, unauthenticated()
	}
	k.who = who
	return k, cancel, nil
}

// admit checks what a route asks for, once k has an identity.
func (c *Console) admit(k *call, may integration.Permission, has func(integration.Plugin) bool) error {
	if !k.who.May(may) {
		return forbidden(k.who, may)
	}
	plugin, ok := c.cfg.Registry.Lookup(integration.ID(k.r.PathValue("id")))
	if !ok || has != nil && !has(plugin) {
		return missing()
	}
	k.plugin, k.spec = plugin, plugin.Spec()
	return nil
}

// can reports whether a plugin has a capability.
func can[T any](p integration.Plugin) bool {
	_, ok := p.(T)
	return ok
}

// refuse makes the problem of err, without secrets, and logs what is our
// concern or the vendor's.
func (c *Console) refuse(k *call, err error) *problem {
	name := k.spec.Name
	if name == "" {
		name = "The integration"
	}
	p := *problemOf(err, name)
	if p.Status == http.StatusInternalServerError && p.CorrelationID == "" {
		p.CorrelationID = k.id
	}
	p.Title, p.Detail, p.Fix = k.clean(p.Title), k.clean(p.Detail), k.clean(p.Fix)
	if len(p.Errors) > 0 {
		fields := integration.FieldErrors{}
		for key, messages := range p.Errors {
			for _, m := range messages {
				fields.Add(key, k.clean(m))
			}
		}
		p.Errors = fields
	}
	if p.Status >= 500 {
		c.cfg.Logger.LogAttrs(k.ctx(), slog.LevelError, "console: request not completed",
			slog.String("request", k.id), slog.String("integration", string(k.spec.ID)), slog.String("client", k.tenant()),
			slog.String("method", k.r.Method), slog.String("pattern", k.r.Pattern), slog.Int("status", p.Status),
			slog.String("error", k.clean(err.Error())))
	}
	return &p
}
