package console

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// settingPrefix marks the form fields that are settings, so that no setting
// can be named like a field of the console's own.
const settingPrefix = "set."

// readForm reads a form post: who sent it, by size and type, and whether it
// came from our pages.
func (c *Console) readForm(k *call) (url.Values, error) {
	if err := c.checkOrigin(k.r); err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(k.r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, wrongMedia("application/x-www-form-urlencoded")
	}
	if k.r.ContentLength > c.cfg.MaxBody {
		return nil, tooLarge(c.cfg.MaxBody)
	}
	k.r.Body = http.MaxBytesReader(k.w, k.r.Body, c.cfg.MaxBody)
	if err := k.r.ParseForm(); err != nil {
		var over *http.MaxBytesError
		if errors.As(err, &over) {
			return nil, tooLarge(c.cfg.MaxBody)
		}
		return nil, malformed("The form is damaged.")
	}
	if err := c.checkForm(k.r); err != nil {
		return nil, err
	}
	return k.r.PostForm, nil
}

// payloadOf takes the settings out of a form. Of a field that is there twice
// the last counts: a checkbox follows the hidden "false" that stands for it
// while it is not ticked. Choices count all; a hidden empty one stands for them
// while none is ticked.
func payloadOf(schema integration.Schema, form url.Values) (payload, error) {
	p := payload{values: map[string]string{}}
	for name, values := range form {
		if key, ok := strings.CutPrefix(name, settingPrefix); ok && len(values) > 0 {
			p.values[key] = values[len(values)-1]
			if f, _ := schema.Field(key); f.Type == integration.TypeChoices {
				p.values[key] = strings.Join(split(strings.Join(values, ",")), ",")
			}
		}
	}
	if v := form.Get("version"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return payload{}, stale()
		}
		p.version = &n
	}
	return p, nil
}
