package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/memberpulse/hubspotplugin/integration"
)

// payload is the settings of a request in raw text form, from JSON or a form.
type payload struct {
	values  map[string]string
	version *int64 // the version that they are based on, nil if not said
}

// readBody returns the whole body, or refuses it by size. A declared length
// over the limit is refused before anything is read.
func (c *Console) readBody(k *call) ([]byte, error) {
	if k.r.ContentLength > c.cfg.MaxBody {
		return nil, tooLarge(c.cfg.MaxBody)
	}
	body, err := io.ReadAll(http.MaxBytesReader(k.w, k.r.Body, c.cfg.MaxBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge(c.cfg.MaxBody)
	case err != nil:
		return nil, malformed("The request ended before its body was complete.")
	}
	return body, nil
}

// readMembers reads the body of an API request, one JSON object, and returns
// its members as they are. An empty body has none.
func (c *Console) readMembers(k *call) (map[string]json.RawMessage, error) {
	if k.r.ContentLength == 0 {
		return nil, nil
	}
	if media, _, err := mime.ParseMediaType(k.r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, wrongMedia("application/json")
	}
	body, err := c.readBody(k)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return nil, err
	}
	return object(body)
}

// readJSON reads the settings of an API request: one JSON object whose values
// are text, true, false or a number; null is empty text, and choices may be an
// array of texts. An empty body is no settings. Its "version", or the If-Match
// header, says what it is based on.
func (c *Console) readJSON(k *call) (payload, error) {
	version, err := ifMatch(k.r)
	if err != nil {
		return payload{}, err
	}
	members, err := c.readMembers(k)
	if err != nil {
		return payload{}, err
	}
	p := payload{values: map[string]string{}, version: version}
	fields := integration.FieldErrors{}
	for key, raw := range members {
		if key == "version" {
			if p.version, err = versionOf(raw, version, fields); err != nil {
				return payload{}, err
			}
			continue
		}
		text, ok := scalar(raw)
		if f, _ := k.spec.Schema.Field(key); f.Type == integration.TypeChoices && raw[0] == '[' {
			if text, ok = joined(raw); !ok {
				fields.Add(key, "This is an array of something else than texts without a comma.")
				continue
			}
		}
		if !ok {
			fields.Add(key, "This is neither text nor a number nor true or false.")
			continue
		}
		p.values[key] = text
	}
	if len(fields) > 0 {
		return payload{}, invalid(fields)
	}
	return p, nil
}

// versionOf reads the member "version", which must agree with If-Match.
func versionOf(raw json.RawMessage, header *int64, fields integration.FieldErrors) (*int64, error) {
	text, ok := scalar(raw)
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil {
		fields.Add("version", "The version is a whole number.")
		return header, nil
	}
	if header != nil && *header != n {
		return nil, malformed("The version in the body and the one in If-Match differ.")
	}
	return &n, nil
}

// joined returns the text form of an array of choices.
func joined(raw json.RawMessage) (string, bool) {
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		return "", false
	}
	values := make([]string, len(list))
	for i, v := range list {
		text, ok := v.(string)
		if !ok || strings.Contains(text, ",") {
			return "", false
		}
		values[i] = text
	}
	return strings.Join(values, ","), true
}

// object splits one JSON object into its members. Package encoding/json would
// let the last of two equal keys win, match keys without case and mend invalid
// UTF-8; each of these could store something that nobody meant.
func object(body []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(body) {
		return nil, malformed("The body is not UTF-8.")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, malformed("The body is not one JSON object.")
	}
	out := map[string]json.RawMessage{}
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return nil, malformed("The body is not valid JSON.")
		}
		if _, twice := out[key]; twice {
			return nil, malformed("A member of the JSON object is there twice.")
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, malformed("The body is not valid JSON.")
		}
		out[key] = raw
	}
	if _, err := dec.Token(); err != nil {
		return nil, malformed("The body is not valid JSON.")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed("Something follows the JSON object.")
	}
	return out, nil
}

// scalar returns the text form of a JSON value that is not an object or array.
func scalar(raw json.RawMessage) (string, bool) {
	switch raw[0] {
	case '{', '[':
		return "", false
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err == nil
	case 'n':
		return "", true
	default: // true, false or a number, as written: 12345678 stays that
		return string(raw), true
	}
}

// ifMatch reads the version of an If-Match header: "3", W/"3" or *.
func ifMatch(r *http.Request) (*int64, error) {
	tag := strings.TrimPrefix(strings.TrimSpace(r.Header.Get("If-Match")), "W/")
	if tag == "" || tag == "*" {
		return nil, nil
	}
	n, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
	if err != nil {
		return nil, stale() // a tag that we never gave matches nothing
	}
	return &n, nil
}

// etag is the entity tag of the settings' version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// noBody refuses a body where none is read, by size first.
func (c *Console) noBody(k *call) error {
	if k.r.ContentLength > c.cfg.MaxBody {
		return tooLarge(c.cfg.MaxBody)
	}
	return nil
}
