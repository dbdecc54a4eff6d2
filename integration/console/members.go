package console

import (
	"encoding/json"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// onlyMembers refuses members of a JSON object that mean nothing here; at says
// where the object is.
func onlyMembers(members map[string]json.RawMessage, errs integration.FieldErrors, at string, known ...string) {
	for key := range members {
		if !slices.Contains(known, key) {
			errs.Add(at+key, "There is no member of this name here. Remove it.")
		}
	}
}

// objects splits a JSON array of objects; ok is false if it is something else.
func objects(raw json.RawMessage) (list []map[string]json.RawMessage, ok bool, err error) {
	var parts []json.RawMessage
	if len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &parts) != nil {
		return nil, false, nil
	}
	list = make([]map[string]json.RawMessage, len(parts))
	for i, part := range parts {
		if part[0] != '{' {
			return nil, false, nil
		}
		if list[i], err = object(part); err != nil {
			return nil, false, err
		}
	}
	return list, true, nil
}

// text returns a JSON string; null is empty.
func text(raw json.RawMessage) (string, bool) {
	if raw[0] != '"' && raw[0] != 'n' {
		return "", false
	}
	return scalar(raw)
}

// truth returns a JSON true or false.
func truth(raw json.RawMessage) (value, ok bool) {
	return string(raw) == "true", string(raw) == "true" || string(raw) == "false"
}

// said returns a member that is text or null, and must be there: that a company
// was forgotten must not mean that there is none.
func said(members map[string]json.RawMessage, key, at string, errs integration.FieldErrors) string {
	raw, ok := members[key]
	if !ok {
		errs.Add(at+key, "This is missing.")
		return ""
	}
	value, ok := text(raw)
	if !ok {
		errs.Add(at+key, "This is not text.")
	}
	return value
}
