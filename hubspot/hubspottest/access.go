package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The windows of the limits; searches and associations have their own besides. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
const (
	window       = 10 * time.Second
	searchWindow = time.Second
	searchMax    = 5
)

func unauthenticated(c *call) reply {
	return (&failure{
		status: http.StatusUnauthorized, category: "INVALID_AUTHENTICATION",
		message: "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
	}).reply(c)
}

// authorize checks that the token has one of the scopes; an entry of several, with a
// space between, wants them all. Every token has oauth.
func (c *call) authorize(anyOf []string) *failure {
	if c.token.scopes == nil || len(anyOf) == 0 {
		return nil
	}
	for _, s := range anyOf {
		if s == "oauth" || !slices.ContainsFunc(strings.Fields(s), func(one string) bool { return !c.token.scopes[one] }) {
			return nil
		}
	}
	return missingScopes(anyOf)
}

func missingScopes(anyOf []string) *failure {
	return &failure{
		status: http.StatusForbidden, category: "MISSING_SCOPES",
		message: "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
		details: []errorDetail{{
			Message: "One or more of the following scopes are required.", Context: map[string][]string{"requiredGranularScopes": strings.Fields(strings.Join(anyOf, " "))},
		}},
		links: map[string]string{"scopes": "https://developers.hubspot.com/scopes"},
	}
}

// spend counts the call against the limits of token and account. It answers the
// headers, and a 429 when a limit is reached; a rejected call is not counted.
func (c *call) spend(r *route) (http.Header, *reply) {
	p := c.portal
	search, linking := r != nil && strings.HasSuffix(r.pattern, "/search"), r != nil && r.links()
	if day := c.now.In(p.location).Format(time.DateOnly); day != p.day {
		p.day, p.used = day, 0
	}
	c.token.calls = since(c.token.calls, c.now.Add(-window))
	c.token.linking = since(c.token.linking, c.now.Add(-window))
	p.search = since(p.search, c.now.Add(-searchWindow))
	policy := ""
	switch {
	case p.used >= p.portal.Daily:
		policy = "DAILY"
	case search && len(p.search) >= searchMax:
		policy = "SECONDLY"
	case !search && len(c.token.calls) >= p.portal.MaxPerWindow, linking && len(c.token.linking) >= p.portal.MaxLinking:
		policy = "TEN_SECONDLY_ROLLING"
	default:
		p.used++
		if search {
			p.search = append(p.search, c.now)
		} else {
			c.token.calls = append(c.token.calls, c.now)
		}
		if linking {
			c.token.linking = append(c.token.linking, c.now)
		}
	}
	h := http.Header{}
	if !search {
		h.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(p.portal.MaxPerWindow))
		h.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(max(p.portal.MaxPerWindow-len(c.token.calls), 0)))
		h.Set("X-HubSpot-RateLimit-Interval-Milliseconds", strconv.FormatInt(window.Milliseconds(), 10))
	}
	h.Set("X-HubSpot-RateLimit-Daily", strconv.Itoa(p.portal.Daily))
	h.Set("X-HubSpot-RateLimit-Daily-Remaining", strconv.Itoa(max(p.portal.Daily-p.used, 0)))
	if policy == "" {
		return h, nil
	}
	if c.sim.opts.RetryAfter {
		h.Set("Retry-After", strconv.Itoa(int(c.pause(policy).Round(time.Second)/time.Second)))
	}
	rejected := overLimit(c, policy)
	return h, &rejected
}

// pause is how long a policy rejects calls at most.
func (c *call) pause(policy string) time.Duration {
	switch policy {
	case "DAILY":
		return c.portal.midnight(c.now).Sub(c.now)
	case "SECONDLY":
		return searchWindow
	}
	return window
}

// midnight is the end of the day at a time, in the account's time zone.
func (p *PortalState) midnight(at time.Time) time.Time {
	local := at.In(p.location)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, p.location)
}

// overLimit is the 429 of a policy. The one of search has another shape.
func overLimit(c *call, policy string) reply {
	body := errorBody{Status: "error", CorrelationID: c.correlation}
	if policy == "SECONDLY" {
		body.Message, body.Category = "You have reached your secondly limit.", "RATE_LIMITS"
	} else {
		body.Message = "You have reached your " + strings.ToLower(policy) + " limit."
		body.ErrorType, body.PolicyName = "RATE_LIMIT", policy
	}
	return reply{http.StatusTooManyRequests, body}
}

// since drops the times that are not after the start of a window.
func since(times []time.Time, start time.Time) []time.Time {
	i := slices.IndexFunc(times, func(t time.Time) bool { return t.After(start) })
	if i < 0 {
		return times[:0]
	}
	return times[i:]
}

// missesTarget reports, under the option NotFoundBeforeScopes, that a write names only
// unknown records, so that HubSpot answers "not found" whatever the scopes.
func (c *call) missesTarget(r *route) bool {
	if !c.sim.opts.NotFoundBeforeScopes || r.product != "objects" {
		return false
	}
	o, f := c.objectsOf()
	if f != nil {
		return false
	}
	switch {
	case r.pattern == "{type}/batch/update":
		var req batchRequest
		return c.decode(&req) == nil && !slices.ContainsFunc(req.Inputs, func(in batchInput) bool { return c.target(o, in.ID, in.IDProperty) != nil })
	case r.pattern == "{type}/{id}" && r.method == http.MethodPatch:
		return c.target(o, c.params["id"], c.query.Get("idProperty")) == nil
	}
	return false
}
