package hubspot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

func TestDecodeError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body  string
		check func(e *hubspot.Error) bool
	}{
		"errors with codes and context": {
			`{"status":"error","message":"Property values were not valid: [{\"error\":\"INVALID_LONG\",\"name\":\"ignored\"}]",
			 "correlationId":"8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c","category":"VALIDATION_ERROR",
			 "errors":[{"message":"m","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["testproperty"]}},
			           {"message":"m","code":"INVALID_EMAIL","context":{"propertyName":["email"]}}]}`,
			func(e *hubspot.Error) bool {
				return e.Category == "VALIDATION_ERROR" && e.Code == "PROPERTY_DOESNT_EXIST" && len(e.Details) == 2 &&
					slices.Equal(e.Properties, []string{"testproperty", "email"}) && e.HasCode("INVALID_EMAIL") && !e.HasCode("INVALID_LONG") &&
					e.CorrelationID == "8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c"
			}},
		"the array in the message, when errors is missing": {
			`{"category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"missing\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"missing\",\"portalId\":891936587}]"}`,
			func(e *hubspot.Error) bool {
				return e.Code == "PROPERTY_DOESNT_EXIST" && slices.Equal(e.Properties, []string{"missing"}) && len(e.Details) == 1
			}},
		"an array that breaks off": {
			`{"category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"error\":\"X\",\"na"}`,
			func(e *hubspot.Error) bool { return e.Category == "VALIDATION_ERROR" && e.Code == "" }},
		"missing scopes": {
			`{"category":"MISSING_SCOPES","errors":[{"message":"m","context":{"requiredGranularScopes":["crm.lists.write","crm.lists.read"]}}],"links":{"scopes":"https://x"}}`,
			func(e *hubspot.Error) bool {
				return slices.Equal(e.Scopes, []string{"crm.lists.write", "crm.lists.read"})
			}},
		"association with what does not exist": {
			`{"category":"VALIDATION_ERROR","message":"One or more associations are invalid","context":{"INVALID_OBJECT_IDS":["CONTACT=424242 is not valid"],"objectId":["424242"]}}`,
			func(e *hubspot.Error) bool { return e.Code == hubspot.CodeInvalidObjects && e.ExistingID == "" }},
		"association type that does not exist": {
			`{"category":"VALIDATION_ERROR","context":{"associationSpec":["USER_DEFINED=3"],"INVALID_ASSOCIATION_TYPE_ID":["USER_DEFINED=3 is not a valid association definition id"]}}`,
			func(e *hubspot.Error) bool { return e.Code == "INVALID_ASSOCIATION_TYPE_ID" }},
		"existing id in the text": {`{"category":"CONFLICT","message":"Contact already exists. Existing ID: 37765128953"}`,
			func(e *hubspot.Error) bool { return e.ExistingID == "37765128953" }},
		"existing id in the context wins": {
			`{"category":"CONFLICT","message":"Contact already exists. Existing ID: 1","context":{"existingId":["2"]},"errors":[{"context":{"existingId":["3"]}}]}`,
			func(e *hubspot.Error) bool { return e.ExistingID == "2" }},
		"existing id in a detail": {`{"message":"Existing ID: 1","errors":[{"context":{"existingId":["3"]}}]}`,
			func(e *hubspot.Error) bool { return e.ExistingID == "3" }},
		"holder of a unique value": {
			`{"category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"error\":\"CONFLICTING_UNIQUE_VALUE\",\"message\":\"Cannot set PropertyValueCoordinates{}. 4711 already has that value.\",\"name\":\"key\"}]"}`,
			func(e *hubspot.Error) bool { return e.ExistingID == "4711" && e.Code == "CONFLICTING_UNIQUE_VALUE" }},
		"conflict with a profile": {
			`{"category":"OBJECT_ALREADY_EXISTS","error":"CONTACT_EXISTS","errors":[{"message":"Contact already exists","in":"email"}],"identityProfile":{"vid":7,"identity":[{"type":"EMAIL","value":"a@example.org"}]}}`,
			func(e *hubspot.Error) bool {
				return e.Code == "CONTACT_EXISTS" && slices.Equal(e.Properties, []string{"email"}) && e.ExistingID == ""
			}},
		"rate limit of the gateway": {`{"status":"error","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING","message":"m"}`,
			func(e *hubspot.Error) bool {
				return e.Policy == "TEN_SECONDLY_ROLLING" && e.Code == "RATE_LIMIT" && e.Category == ""
			}},
		"sub category as a string": {`{"subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS"}`,
			func(e *hubspot.Error) bool { return e.SubCategory == "Properties.PROPERTY_WITH_NAME_EXISTS" }},
		"sub category as an object": {`{"subCategory":{"name":"PROPERTY_WITH_NAME_EXISTS"}}`,
			func(e *hubspot.Error) bool { return e.SubCategory == "PROPERTY_WITH_NAME_EXISTS" }},
		"wrong types everywhere": {
			`{"message":[1],"category":{"a":1},"subCategory":[],"correlationId":7,"errors":{"x":1},"context":[1,2],"code":true,"in":null}`,
			func(e *hubspot.Error) bool { return e.Category == "" && e.Code == "" && e.Details == nil }},
		"html":     {`<html><body>Bad gateway</body></html>`, func(e *hubspot.Error) bool { return e.Code == "" }},
		"empty":    {``, func(e *hubspot.Error) bool { return e.Code == "" }},
		"null":     {`null`, func(e *hubspot.Error) bool { return e.Code == "" }},
		"a number": {`42`, func(e *hubspot.Error) bool { return e.Code == "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if e := hubspot.DecodeError([]byte(c.body)); !c.check(e) {
				t.Errorf("%+v (code %q, details %+v, existing %q, properties %v)", e, e.Code, e.Details, e.ExistingID, e.Properties)
			}
		})
	}
}

// secrets are what a hostile or careless reply may hold.
var secrets = []string{
	"ann.smith@example.org", testToken, "Ann Smith", "+49 151 1234567", "Bearer abc.def", "Hauptstraße 5, Köln", "<script>alert(1)</script>",
}

func TestNothingOfAReplyGetsIntoTheText(t *testing.T) {
	t.Parallel()
	for _, secret := range secrets {
		s, _ := json.Marshal(secret)
		inner, _ := json.Marshal(fmt.Sprintf(`Property values were not valid: [{"error":%s,"name":%s,"message":%s}] Existing ID: %s already has that value`, s, s, s, secret))
		for _, body := range []string{
			fmt.Sprintf(`{"message":%[1]s,"category":%[1]s,"subCategory":%[1]s,"correlationId":%[1]s,"code":%[1]s,"error":%[1]s,"errorType":%[1]s,
				"policyName":%[1]s,"in":%[1]s,"context":{"propertyName":[%[1]s],"requiredGranularScopes":[%[1]s],"existingId":[%[1]s],"ids":[%[1]s]},
				"errors":[{"message":%[1]s,"code":%[1]s,"in":%[1]s,"subCategory":{"name":%[1]s},"context":{"propertyName":[%[1]s],"existingId":[%[1]s]}}],
				"identityProfile":{"identity":[{"value":%[1]s}]}}`, s),
			fmt.Sprintf(`{"message":%s,"category":"CONFLICT"}`, inner),
			secret,
		} {
			for _, status := range []int{302, 400, 401, 403, 404, 409, 423, 429, 477, 503} {
				e := hubspot.DecodeError([]byte(body))
				e.Status = status
				e.Message = hubspot.MessageFor(e)
				for _, text := range []string{e.Error(), fmt.Sprintf("%+v", e), fmt.Sprintf("%#v", *e)} {
					if strings.Contains(text, secret) {
						t.Errorf("status %d: %q is in %q", status, secret, text)
					}
				}
			}
		}
	}
}

func FuzzDecodeError(f *testing.F) {
	f.Add([]byte(`{"category":"CONFLICT","message":"Contact already exists. Existing ID: 37765128953"}`))
	f.Add([]byte(`{"message":"Property values were not valid: [{\"error\":\"INVALID_EMAIL\",\"name\":\"email\"}]"}`))
	f.Add([]byte(`{"errors":[{"code":"X","context":{"propertyName":["a"],"existingId":["1"],"requiredGranularScopes":["crm.lists.read"]}}]}`))
	f.Add([]byte(`{"subCategory":{"name":"A.B"},"correlationId":"8a3f6c3a-8296-4002-b0a6-2a06fecf7c0c"}`))
	f.Add([]byte(`12 already has that value`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e := hubspot.DecodeError(body)
		e.Message = hubspot.MessageFor(e)
		if text := e.Error(); strings.ContainsAny(text, "@<>\n\r\x00") || len(text) > 200_000 {
			t.Errorf("text %q", text)
		}
		for _, p := range e.Properties {
			if hubspot.PropertyWord(p) == "" {
				t.Errorf("property %q", p)
			}
		}
		for _, s := range e.Scopes {
			if hubspot.ScopeWord(s) == "" {
				t.Errorf("scope %q", s)
			}
		}
		if e.ExistingID != "" && hubspot.RecordID(e.ExistingID) == "" {
			t.Errorf("existing id %q", e.ExistingID)
		}
		if e.Code != "" && hubspot.CodeWord(e.Code) == "" || e.Category != "" && hubspot.CodeWord(e.Category) == "" {
			t.Errorf("code %q, category %q", e.Code, e.Category)
		}
		if e.Message == "" {
			t.Error("no message")
		}
	})
}
