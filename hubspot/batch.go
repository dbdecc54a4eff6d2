package hubspot

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// wireInput is one input of a batch call.
type wireInput struct {
	ID         string            `json:"id"`
	IDProperty string            `json:"idProperty,omitempty"`
	TraceID    string            `json:"objectWriteTraceId,omitempty"`
	Properties map[string]string `json:"properties,omitzero"`
}

// wireRecord is a record as HubSpot sends it. A property without a value is
// null, whatever the specification says; ids have been seen as numbers.
type wireRecord struct {
	ID         json.RawMessage            `json:"id"`
	TraceID    json.RawMessage            `json:"objectWriteTraceId"`
	Properties map[string]json.RawMessage `json:"properties"`
	History    map[string]json.RawMessage `json:"propertiesWithHistory"`
	CreatedAt  instant                    `json:"createdAt"`
	UpdatedAt  instant                    `json:"updatedAt"`
	Archived   json.RawMessage            `json:"archived"`
	New        json.RawMessage            `json:"new"`
	Warnings   json.RawMessage            `json:"warnings"`
}

// batchReply is a 2xx of a batch call, taken apart.
type batchReply struct {
	complete bool
	records  []wireRecord
	entries  []json.RawMessage // of errors
}

// listReply is the same with the results as they came.
type listReply struct {
	complete bool
	results  []json.RawMessage
	entries  []json.RawMessage
}

// readList takes a reply apart; ok is false if it is not a batch reply at all.
func readList(body []byte) (listReply, bool) {
	var w struct {
		Status  json.RawMessage `json:"status"`
		Results json.RawMessage `json:"results"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &w) != nil || w.Results == nil && w.Errors == nil && w.Status == nil {
		return listReply{}, false
	}
	return listReply{complete: text(w.Status) == "COMPLETE", results: list(w.Results), entries: list(w.Errors)}, true
}

// readBatch takes a reply of records apart. A record that cannot be read is left out,
// so its input is unmentioned.
func readBatch(body []byte) (batchReply, bool) {
	parts, ok := readList(body)
	if !ok {
		return batchReply{}, false
	}
	out := batchReply{complete: parts.complete, entries: parts.entries}
	for _, raw := range parts.results {
		var r wireRecord
		if json.Unmarshal(raw, &r) == nil && r.id() != "" {
			out.records = append(out.records, r)
		}
	}
	return out, true
}

func (r wireRecord) id() string { return recordID(text(r.ID)) }

// property returns a value by name, empty if it has none.
func (r wireRecord) property(name string) string { return text(r.Properties[name]) }

func (r wireRecord) record() Record {
	out := Record{
		ID:         r.id(),
		Properties: make(map[string]string, len(r.Properties)),
		CreatedAt:  r.CreatedAt.Time,
		UpdatedAt:  r.UpdatedAt.Time,
		Archived:   isTrue(r.Archived),
		History:    r.history(),
	}
	for name, raw := range r.Properties {
		var s *string
		if json.Unmarshal(raw, &s) != nil {
			plain := string(raw) // a number or a boolean, as it stands
			s = &plain
		}
		if s != nil {
			out.Properties[name] = *s
		}
	}
	return out
}

func (r wireRecord) warnings() []Warning {
	var out []Warning
	for _, raw := range list(r.Warnings) {
		e, _ := decodeEntry(raw)
		out = append(out, Warning{Category: e.Category, Properties: e.Properties})
	}
	return out
}

func isTrue(raw json.RawMessage) bool { return bytes.Equal(raw, []byte("true")) }

// checkBatch refuses what HubSpot would refuse as a whole. The errors name
// positions only.
func checkBatch(t ObjectType, ids []string) error {
	if !t.valid() {
		return fmt.Errorf("%w: object type", ErrInvalidInput)
	}
	return checkIDs(ids, MaxInputs)
}

// checkIDs refuses too many ids, empty ones and those that are named twice.
func checkIDs(ids []string, most int) error {
	if len(ids) > most {
		return fmt.Errorf("%w: %d, at most %d", ErrTooManyInputs, len(ids), most)
	}
	seen := make(map[string]int, len(ids))
	for i, id := range ids {
		key := fold(id)
		if key == "" {
			return fmt.Errorf("%w: input %d has no id", ErrInvalidInput, i)
		}
		if j, dup := seen[key]; dup {
			return fmt.Errorf("%w: inputs %d and %d", ErrDuplicateInput, j, i)
		}
		seen[key] = i
	}
	return nil
}
