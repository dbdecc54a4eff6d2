package hubspot

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// maxDetails bounds the entries that are read of one error.
const maxDetails = 200

// wireError is every form of HubSpot's error body at once: of a whole reply, of
// an entry in a batch's errors, of an entry in an error's errors. Each field is
// read on its own, because their types differ between forms (subCategory is a
// string here and an object there).
// See https://developers.hubspot.com/docs/api-reference/error-handling
type wireError struct {
	Message       json.RawMessage `json:"message"`
	Category      json.RawMessage `json:"category"`
	SubCategory   json.RawMessage `json:"subCategory"`
	Code          json.RawMessage `json:"code"`
	Word          json.RawMessage `json:"error"`
	ErrorType     json.RawMessage `json:"errorType"`
	PolicyName    json.RawMessage `json:"policyName"`
	CorrelationID json.RawMessage `json:"correlationId"`
	In            json.RawMessage `json:"in"`
	Name          json.RawMessage `json:"name"`
	Errors        json.RawMessage `json:"errors"`
	Context       json.RawMessage `json:"context"`
}

// blame names the inputs that an error is about. Ids can be emails: they are
// for matching, and never leave the package.
type blame struct {
	traces   []string
	ids      []string
	from, to []string // of associations
	objects  []string // that do not exist, as CONTACT=123
}

// decodeError reads the body of a reply that is not 2xx. It never fails: what
// is not there, or not of the grammar, stays empty.
func decodeError(body []byte) *Error {
	e, _ := decodeEntry(body)
	return e
}

// decodeEntry reads one error and whom it blames.
func decodeEntry(raw []byte) (*Error, blame) {
	e := &Error{}
	var b blame
	var w wireError
	if json.Unmarshal(raw, &w) != nil {
		return e, b
	}
	e.Category = codeWord(text(w.Category))
	e.SubCategory = subCategory(w.SubCategory)
	e.CorrelationID = correlationID(text(w.CorrelationID))
	e.Policy = codeWord(text(w.PolicyName))
	readContext(e, &b, w.Context)
	details := list(w.Errors)
	if len(details) == 0 {
		details = embedded(text(w.Message))
	}
	for _, raw := range details[:min(len(details), maxDetails)] {
		readDetail(e, &b, raw)
	}
	e.Code = firstCode(e.Details, codeWord(text(w.Code)), codeWord(text(w.Word)), codeWord(text(w.ErrorType)), contextCode(w.Context))
	if e.ExistingID == "" {
		e.ExistingID = holder(text(w.Message))
	}
	if name := propertyWord(text(w.In)); name != "" {
		e.Properties = addNew(e.Properties, name)
	}
	return e, b
}

// readDetail takes one entry of errors, or of the array inside a message, over
// into e.
func readDetail(e *Error, b *blame, raw json.RawMessage) {
	var w wireError
	if json.Unmarshal(raw, &w) != nil {
		return
	}
	inner := &Error{}
	readContext(inner, b, w.Context)
	for _, name := range []string{propertyWord(text(w.In)), propertyWord(text(w.Name))} {
		if name != "" {
			inner.Properties = addNew(inner.Properties, name)
		}
	}
	code := codeWord(text(w.Code))
	if code == "" {
		code = codeWord(text(w.Word))
	}
	e.Details = append(e.Details, ErrorDetail{
		Code:        code,
		SubCategory: subCategory(w.SubCategory),
		Message:     cmp.Or(wordsFor(code), "HubSpot does not accept the value"),
		Properties:  inner.Properties,
	})
	e.Properties = addNew(e.Properties, inner.Properties...)
	e.Scopes = addNew(e.Scopes, inner.Scopes...)
	if e.ExistingID == "" {
		e.ExistingID = inner.ExistingID
	}
	if e.ExistingID == "" {
		e.ExistingID = holder(text(w.Message))
	}
}

// readContext reads the lists of strings by which HubSpot points at things.
func readContext(e *Error, b *blame, raw json.RawMessage) {
	var lists map[string]json.RawMessage
	if json.Unmarshal(raw, &lists) != nil {
		return
	}
	for _, key := range []string{"propertyName", "properties"} {
		for _, name := range texts(lists[key]) {
			if name = propertyWord(name); name != "" {
				e.Properties = addNew(e.Properties, name)
			}
		}
	}
	for _, key := range []string{"requiredGranularScopes", "requiredScopes"} {
		for _, scope := range texts(lists[key]) {
			if scope = scopeWord(scope); scope != "" {
				e.Scopes = addNew(e.Scopes, scope)
			}
		}
	}
	for _, id := range texts(lists["existingId"]) {
		if e.ExistingID == "" {
			e.ExistingID = recordID(id)
		}
	}
	b.traces = append(b.traces, texts(lists["objectWriteTraceId"])...)
	b.ids = append(b.ids, texts(lists["ids"])...)
	b.ids = append(b.ids, texts(lists["id"])...)
	b.from = append(b.from, texts(lists["fromObjectId"])...)
	b.to = append(b.to, texts(lists["toObjectId"])...)
	b.objects = append(b.objects, objectsOf(texts(lists[CodeInvalidObjects]))...)
}

// contextCode returns the code that the errors of associations have for a key of their
// context alone.
func contextCode(raw json.RawMessage) string {
	var lists map[string]json.RawMessage
	if json.Unmarshal(raw, &lists) != nil {
		return ""
	}
	for _, code := range []string{CodeInvalidObjects, "INVALID_ASSOCIATION_TYPE_ID"} {
		if lists[code] != nil {
			return code
		}
	}
	return ""
}

// embedded returns the JSON array that HubSpot writes into a validation error's
// message. It repeats errors, so it is read only where errors is missing.
func embedded(message string) []json.RawMessage {
	_, array, found := strings.Cut(message, "Property values were not valid:")
	if !found {
		return nil
	}
	var out []json.RawMessage
	if json.NewDecoder(strings.NewReader(array)).Decode(&out) != nil {
		return nil
	}
	return out
}

// holder finds the id of the record that has the value already, in the two
// wordings that are known.
func holder(message string) string {
	if _, rest, found := strings.Cut(message, "Existing ID:"); found {
		rest = strings.TrimLeft(rest, " \t")
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(rest)
		}
		return recordID(rest[:end])
	}
	if before, _, found := strings.Cut(message, " already has that value"); found {
		return recordID(before[strings.LastIndexFunc(before, func(r rune) bool { return r < '0' || r > '9' })+1:])
	}
	return ""
}

func firstCode(details []ErrorDetail, others ...string) string {
	for _, d := range details {
		if d.Code != "" {
			return d.Code
		}
	}
	for _, code := range others {
		if code != "" {
			return code
		}
	}
	return ""
}

// subCategory reads the string form, and the first code of the object form.
func subCategory(raw json.RawMessage) string {
	if s := subCategoryWord(text(raw)); s != "" {
		return s
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return ""
	}
	for _, key := range []string{"code", "name", "value"} {
		if s := subCategoryWord(text(fields[key])); s != "" {
			return s
		}
	}
	return ""
}

// text reads a JSON string, or a number as its digits; anything else is empty.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// texts reads an array of strings, or one string.
func texts(raw json.RawMessage) []string {
	if one := text(raw); one != "" {
		return []string{one}
	}
	var out []string
	for _, item := range list(raw) {
		if s := text(item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func list(raw json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	if json.Unmarshal(raw, &out) != nil {
		return nil
	}
	return out
}

func addNew(to []string, words ...string) []string {
	for _, w := range words {
		if !slices.Contains(to, w) {
			to = append(to, w)
		}
	}
	return to
}
