package hubspottest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// errorBody is HubSpot's error object. Fields that a recorded reply leaves out for a
// kind of error are left out here as well.
// https://developers.hubspot.com/docs/api-reference/error-handling
type errorBody struct {
	Status          string              `json:"status"`
	Message         string              `json:"message"`
	ErrorType       string              `json:"errorType,omitempty"`
	Error           string              `json:"error,omitempty"`
	CorrelationID   string              `json:"correlationId"`
	PolicyName      string              `json:"policyName,omitempty"`
	RequestID       string              `json:"requestId,omitempty"`
	Errors          []errorDetail       `json:"errors,omitempty"`
	Context         map[string][]string `json:"context,omitempty"`
	Links           map[string]string   `json:"links,omitempty"`
	IdentityProfile *identityProfile    `json:"identityProfile,omitempty"`
	Category        string              `json:"category,omitempty"`
	SubCategory     string              `json:"subCategory,omitempty"`
}

type errorDetail struct {
	Message string              `json:"message"`
	Code    string              `json:"code,omitempty"`
	In      string              `json:"in,omitempty"`
	Context map[string][]string `json:"context,omitempty"`
}

type identityProfile struct {
	VID        int64      `json:"vid"`
	Identities []identity `json:"identity"`
}

type identity struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// entry is an error inside the reply to a batch.
type entry struct {
	Status      string              `json:"status"`
	Category    string              `json:"category"`
	SubCategory string              `json:"subCategory,omitempty"`
	Message     string              `json:"message"`
	Context     map[string][]string `json:"context,omitempty"`
}

// failure is why a record or a request was rejected.
type failure struct {
	status      int
	category    string
	subCategory string
	message     string
	details     []errorDetail
	context     map[string][]string
	links       map[string]string
	props       []propertyError // rejected values; the message lists them
	existing    string          // the id of the contact that holds an email
	email       string
}

func (f *failure) isConflict() bool { return f.status == http.StatusConflict && f.email != "" }

// invalid is the failure of values that HubSpot rejects.
func invalid(bad []propertyError) *failure {
	f := &failure{status: http.StatusBadRequest, category: "VALIDATION_ERROR", props: bad}
	for _, e := range bad {
		f.details = append(f.details, errorDetail{Message: e.message, Code: e.code, Context: map[string][]string{"propertyName": {e.name}}})
	}
	return f
}

// badRequest is a 400 for the request as a whole.
func badRequest(message string) *failure {
	return &failure{status: http.StatusBadRequest, category: "VALIDATION_ERROR", message: message}
}

// plain is a failure whose body has no category.
func plain(status int, message string) *failure { return &failure{status: status, message: message} }

func conflict(id, email string) *failure {
	return &failure{status: http.StatusConflict, category: "CONFLICT", message: "Contact already exists. Existing ID: " + id, existing: id, email: email}
}

// notFound is the 404 for one record. Live portals answer a number that is no record
// without a category, and anything else with one.
func notFound(id string) *failure {
	if parseID(id) > 0 {
		return plain(http.StatusNotFound, "resource not found")
	}
	return &failure{
		status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", message: "Object not found.  objectId are usually numeric.",
		context: map[string][]string{"id": {id}},
	}
}

// lost is the failure of ids in a batch that name no record.
func lost(t *objectType, ids []string) *failure {
	return &failure{
		status: http.StatusNotFound, category: "OBJECT_NOT_FOUND",
		message: "Could not get some " + t.code + " objects, they may be deleted or not exist. Check that ids are valid.",
		context: map[string][]string{"ids": ids},
	}
}

func requiredAtCreate(t *objectType) *failure {
	return &failure{
		status: http.StatusBadRequest, category: "VALIDATION_ERROR",
		message: "Error creating " + t.code + ".  Some required properties were not set.",
		context: map[string][]string{"properties": t.needOne},
	}
}

// text is the message, which for rejected values holds a JSON array.
func (f *failure) text(portalID int64) string {
	if len(f.props) == 0 {
		return f.message
	}
	type item struct {
		IsValid       bool   `json:"isValid"`
		Message       string `json:"message"`
		Error         string `json:"error"`
		Name          string `json:"name"`
		Localized     string `json:"localizedErrorMessage"`
		PropertyValue string `json:"propertyValue,omitempty"`
		PortalID      int64  `json:"portalId"`
	}
	items := make([]item, 0, len(f.props))
	for _, e := range f.props {
		items = append(items, item{false, e.message, e.code, e.name, e.message, e.value, portalID})
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(items); err != nil {
		panic("hubspottest: encode message: " + err.Error())
	}
	return "Property values were not valid: " + strings.TrimSuffix(b.String(), "\n")
}

// reply is the failure as the answer to a whole request.
func (f *failure) reply(c *call) reply {
	body := errorBody{
		Status: "error", Message: f.text(c.portalID()), CorrelationID: c.correlation, Category: f.category, SubCategory: f.subCategory,
		Errors: f.details, Context: f.context, Links: f.links,
	}
	if f.isConflict() {
		switch c.sim.opts.ConflictBody {
		case ConflictWithoutID:
			body.Message = "Contact already exists."
		case ConflictIdentityProfile:
			body.Category, body.Error = "OBJECT_ALREADY_EXISTS", "CONTACT_EXISTS"
			body.Message = "Contact already exists"
			body.Errors = []errorDetail{{Message: "Contact already exists", In: "email"}}
			body.IdentityProfile = &identityProfile{VID: parseID(f.existing), Identities: []identity{{"EMAIL", f.email}}}
		}
	}
	return reply{status: f.status, body: body}
}

// entry is the failure as one error of a batch; trace is the id that the input
// carried, empty for none.
func (f *failure) entry(c *call, trace string) entry {
	e := entry{Status: "error", Category: f.category, SubCategory: f.subCategory, Message: f.text(c.portalID()), Context: map[string][]string{}}
	for k, v := range f.context {
		e.Context[k] = v
	}
	if trace != "" && !c.sim.opts.ErrorsOmitTraceID {
		e.Context["objectWriteTraceId"] = []string{trace}
	}
	if f.isConflict() {
		e.Context["existingId"] = []string{f.existing}
	}
	return e
}
