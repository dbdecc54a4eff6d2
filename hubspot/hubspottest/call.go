package hubspottest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// version is the API version in a path.
type version string

const (
	v3    version = "v3"
	v4    version = "v4" // of associations alone
	v2603 version = "2026-03"
	v2609 version = "2026-09"

	byHand version = "by hand" // a person in HubSpot's own screens
)

// call is one request on its way through the simulator.
type call struct {
	sim         *Simulator
	portal      *PortalState
	token       *token
	version     version
	params      map[string]string
	query       url.Values
	body        []byte
	now         time.Time
	correlation string
	short       bool // forget every second input, see Fault.Short
}

func (c *call) portalID() int64 {
	if c.portal == nil {
		return 0
	}
	return c.portal.portal.ID
}

// reply is what a handler answers; a nil body means none.
type reply struct {
	status int
	body   any
}

// decode reads the JSON body. HubSpot ignores members that it does not know.
func (c *call) decode(into any) *failure {
	if len(c.body) == 0 {
		return plain(http.StatusBadRequest, "Invalid input JSON on line 0, column 0: No content to map due to end-of-input")
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		line, column := 1, 1
		var at int64
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = e.Offset
		} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			at = e.Offset
		}
		for _, b := range c.body[:min(at, int64(len(c.body)))] {
			if column++; b == '\n' {
				line, column = line+1, 1
			}
		}
		return plain(http.StatusBadRequest, "Invalid input JSON on line "+strconv.Itoa(line)+", column "+strconv.Itoa(column)+": Cannot deserialize the request body")
	}
	return nil
}

// list reads a query parameter that may be repeated or separated by commas.
func (c *call) list(name string) []string {
	var out []string
	for _, v := range c.query[name] {
		for one := range strings.SplitSeq(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}

func (c *call) flag(name string) bool { return strings.EqualFold(c.query.Get(name), "true") }

// text is a property value on the wire: HubSpot wants strings, and takes numbers and
// booleans as well. A null says nothing about the property; only "" clears it.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	switch {
	case len(raw) > 0 && raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*t = text(s)
	case len(raw) > 0 && (raw[0] == '{' || raw[0] == '['):
		return &json.UnmarshalTypeError{Value: "object", Offset: 0}
	default:
		*t = text(raw)
	}
	return nil
}

func plainMap(in map[string]*text) map[string]string {
	out := make(map[string]string, len(in))
	for k, v := range in {
		if v != nil {
			out[k] = string(*v)
		}
	}
	return out
}

func parseID(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
