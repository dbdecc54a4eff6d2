package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrUnknownScope is returned by Probe for a scope that it has no call for.
var ErrUnknownScope = errors.New("hubspot: no probe for this scope")

// Names that no portal has: a write to them changes nothing, whatever the
// token may do.
const (
	absentRecord   = "9007199254740991"
	absentProperty = "memberpulse_no_such_property"
)

// Probe asks HubSpot whether the token has a scope, by one cheap call that
// needs it: there is no way to ask for a token's scopes. Write scopes are
// probed by a write to what does not exist; nothing changes in the portal.
//
// Nil means that HubSpot did not object. Without the scope the error is
// IsMissingScopes, and its Scopes are HubSpot's list, any one of which would
// do (of lists it has both, and all are needed); so a read of schemas also
// passes with the object's own read scope. Any other error says nothing about
// the scope: a 403 without scopes is about the portal's plan.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func (c *Client) Probe(ctx context.Context, scope string) error {
	cl, ok := c.probeOf(scope)
	if !ok {
		return fmt.Errorf("%w: %q", ErrUnknownScope, scopeWord(scope))
	}
	cl.op = "probe " + scope
	_, e := c.send(ctx, cl)
	switch {
	case e == nil:
		return nil
	case e.Status == http.StatusBadRequest, e.Status == http.StatusNotFound, e.Status == http.StatusConflict:
		// The scope is checked before the content is.
		return nil
	}
	return e
}

// probeOf is the table of probes.
func (c *Client) probeOf(scope string) (call, bool) {
	switch scope {
	case "oauth":
		return call{method: http.MethodGet, path: c.paths.accountDetails(), repeatable: true}, true
	case "tickets":
		return c.probeRead(Tickets), true
	case "crm.lists.read":
		return call{method: http.MethodGet, path: c.paths.list(absentRecord), repeatable: true}, true
	case "crm.lists.write":
		return call{method: http.MethodPut, path: c.paths.listMembers(absentRecord, "remove"), repeatable: true, write: true,
			body: []string{}}, true
	case "crm.objects.marketing_events.read":
		return call{method: http.MethodGet, path: c.paths.marketingEvent(absentRecord), query: accountOf(absentRecord), repeatable: true}, true
	case "crm.objects.marketing_events.write":
		return call{method: http.MethodPost, path: c.paths.marketingUpsert(), repeatable: true, write: true, body: noInputs()}, true
	case "behavioral_events.event_definitions.read_write":
		return call{method: http.MethodGet, path: c.paths.eventDefinitions(), repeatable: true}, true
	case "analytics.behavioral_events.send":
		return call{method: http.MethodPost, path: c.paths.sendEvents(), repeatable: true, write: true, body: noInputs()}, true
	case "crm.objects.owners.read":
		return call{method: http.MethodGet, path: c.paths.owners + "/" + absentRecord, repeatable: true}, true
	}
	area, verb := cutLast(scope)
	if name, ok := strings.CutPrefix(area, "crm.objects."); ok && ObjectType(name).valid() {
		switch verb {
		case "read":
			return c.probeRead(ObjectType(name)), true
		case "write":
			return c.probeWrite(ObjectType(name)), true
		}
	}
	if name, ok := strings.CutPrefix(area, "crm.schemas."); ok && ObjectType(name).valid() {
		path := c.paths.property(ObjectType(name), absentProperty)
		switch verb {
		case "read":
			return call{method: http.MethodGet, path: path, repeatable: true}, true
		case "write":
			return call{method: http.MethodPatch, path: path, repeatable: true, write: true,
				body: map[string]any{"label": "No such property"}}, true
		}
	}
	return call{}, false
}

func (c *Client) probeRead(t ObjectType) call {
	return call{method: http.MethodPost, path: c.paths.batch(t, "read"), repeatable: true, body: map[string]any{
		"inputs":                []wireInput{{ID: absentRecord}},
		"properties":            []string{propertyRecordID},
		"propertiesWithHistory": []string{},
	}}
}

func (c *Client) probeWrite(t ObjectType) call {
	return call{method: http.MethodPost, path: c.paths.batch(t, "update"), repeatable: true, write: true,
		body: map[string]any{"inputs": []wireInput{{
			ID: absentRecord, TraceID: traceIDs(1)[0], Properties: map[string]string{},
		}}}}
}

// noInputs is the body of a batch of nothing.
func noInputs() map[string]any { return map[string]any{"inputs": []wireInput{}} }

func cutLast(scope string) (area, last string) {
	i := strings.LastIndexByte(scope, '.')
	if i < 0 {
		return "", scope
	}
	return scope[:i], scope[i+1:]
}
