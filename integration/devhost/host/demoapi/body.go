package demoapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

// maxBody is the largest request body in bytes. A larger one is answered
// without being read to its end.
const maxBody = 64 << 10

// body is one JSON object, its values not yet read. Reading takes a value out,
// so what is left at the end is unknown to the route.
type body struct {
	values map[string]json.RawMessage
	errs   map[string][]string
}

// readBody reads the one JSON object of a request: 413, 415 or 400 otherwise.
func readBody(w http.ResponseWriter, r *http.Request) (*body, error) {
	if media := r.Header.Get("Content-Type"); media != "" {
		if kind, _, err := mime.ParseMediaType(media); err != nil || kind != "application/json" {
			return nil, &problem.Problem{
				Status: http.StatusUnsupportedMediaType, Title: "The body is not marked as JSON.",
				Fix: "Send the header Content-Type: application/json.",
			}
		}
	}
	if r.ContentLength > maxBody {
		return nil, tooLarge(w)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, tooLarge(w)
	}
	if err != nil {
		return nil, malformed("It ended before it was complete.")
	}
	values, err := object(raw)
	if err != nil {
		return nil, err
	}
	return &body{values: values, errs: map[string][]string{}}, nil
}

// object reads exactly one JSON object without repeated names.
func object(raw []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, malformed("It must be one JSON object, such as {\"name\": \"value\"}.")
	}
	out := map[string]json.RawMessage{}
	for dec.More() {
		tok, err := dec.Token()
		name, isName := tok.(string)
		if err != nil || !isName {
			return nil, malformed("It is not well-formed JSON.")
		}
		if _, twice := out[name]; twice {
			return nil, malformed("A name appears twice in it.")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, malformed("It is not well-formed JSON.")
		}
		out[name] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, malformed("It is not well-formed JSON.")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, malformed("Something follows the JSON object.")
	}
	return out, nil
}

// take returns a value and marks it as known.
func (b *body) take(name string) (json.RawMessage, bool) {
	raw, ok := b.values[name]
	delete(b.values, name)
	return raw, ok
}

// text takes a string; null is "". ok is false if the name is not there.
func (b *body) text(name string) (value string, ok bool) {
	raw, ok := b.take(name)
	if !ok || string(raw) == "null" {
		return "", ok
	}
	if json.Unmarshal(raw, &value) != nil {
		b.errs[name] = append(b.errs[name], "This must be a text.")
	}
	return value, true
}

// list takes an array of texts, or one text with commas, in the form of one
// text. null is "".
func (b *body) list(name string) (value string, ok bool) {
	raw := b.values[name]
	var all []string
	if len(raw) == 0 || raw[0] != '[' {
		return b.text(name)
	}
	b.take(name)
	if json.Unmarshal(raw, &all) != nil {
		b.errs[name] = append(b.errs[name], "This must be a list of texts.")
	}
	for _, one := range all {
		if strings.Contains(one, ",") {
			b.errs[name] = append(b.errs[name], "An entry of this list cannot contain a comma.")
		}
	}
	return strings.Join(all, ","), true
}

// kind is what a value is in JSON.
type kind int

const (
	text kind = iota
	number
	flag
)

// read takes what is there of these fields, in text form; null is "".
func (b *body) read(kinds map[string]kind) check.Values {
	out := check.Values{}
	for name, k := range kinds {
		raw, sent := b.values[name]
		switch {
		case !sent:
		case k == text || string(raw) == "null":
			out[name], _ = b.text(name)
		case k == number:
			out[name] = strconv.Itoa(b.number(name, 0))
		default:
			b.take(name)
			if out[name] = string(raw); out[name] != "true" && out[name] != "false" {
				b.errs[name] = append(b.errs[name], "This must be true or false.")
			}
		}
	}
	return out
}

// number takes a whole number, or absent.
func (b *body) number(name string, absent int) int {
	raw, ok := b.take(name)
	if !ok {
		return absent
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		b.errs[name] = append(b.errs[name], "This must be a whole number.")
	}
	return n
}

// done reports what was wrong by field, names that nobody took included.
func (b *body) done() error {
	for name := range b.values {
		if name == "crmId" {
			b.errs[name] = append(b.errs[name], problem.LockedID)
		} else {
			b.errs[name] = append(b.errs[name], "There is no field of this name.")
		}
	}
	if len(b.errs) > 0 {
		return problem.Invalid(b.errs)
	}
	return nil
}

func malformed(why string) *problem.Problem {
	return &problem.Problem{
		Status: http.StatusBadRequest, Title: "The body cannot be read.", Detail: why + " Nothing was changed.",
		Fix: "Correct the body and send it again.",
	}
}

func tooLarge(w http.ResponseWriter) *problem.Problem {
	w.Header().Set("Connection", "close") // the rest of the body is not worth reading
	return &problem.Problem{
		Status: http.StatusRequestEntityTooLarge, Title: "The body is too large.",
		Detail: "This host reads at most 64 kB. Nothing was changed.", Fix: "Send less at once.",
	}
}
