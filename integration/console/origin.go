package console

import (
	"crypto/subtle"
	"net/http"
	"net/url"
)

// tokenField is the form field that carries the host's token.
const tokenField = "csrfToken"

// checkOrigin refuses a changing request that a browser marks as coming from
// another origin. A request without any mark passes: it does not come from a
// browser of this decade, and the API then still asks for a JSON body.
func (c *Console) checkOrigin(r *http.Request) error {
	if c.origin.Check(r) != nil {
		return crossOrigin()
	}
	return nil
}

// checkForm asks a form post for positive proof, because a form needs no
// script and no permission to be sent: the session's token if the host has
// one, else a mark of the browser that names our own origin.
func (c *Console) checkForm(r *http.Request) error {
	if c.cfg.FormToken != nil {
		want := c.cfg.FormToken(r)
		if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue(tokenField))) != 1 {
			return crossOrigin()
		}
		return nil
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return nil // checkOrigin has judged it
	}
	if o, err := url.Parse(r.Header.Get("Origin")); err == nil && o.Host != "" {
		return nil // likewise
	}
	return crossOrigin()
}

// formToken is what forms carry, "" if the host has no tokens.
func (c *Console) formToken(r *http.Request) string {
	if c.cfg.FormToken == nil {
		return ""
	}
	return c.cfg.FormToken(r)
}
