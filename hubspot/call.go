package hubspot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// call is one request to HubSpot before it is built.
type call struct {
	op         string // for errors: "contacts batch read"
	method     string
	path       string
	query      url.Values
	body       any // encoded as JSON; nil = no body
	lane       lane
	write      bool
	repeatable bool
}

// reply is a 2xx, read whole; of any other only the blame is kept.
type reply struct {
	status        int
	body          []byte
	correlationID string
	doubt         bool  // an earlier attempt of this call may have been carried out
	blame         blame // of a refused call: whom the error names
}

// send carries out a call within its time. The error is nil or says everything
// about the failure.
func (c *Client) send(ctx context.Context, cl call) (reply, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.CallTimeout)
	defer cancel()
	p := &passage{op: cl.op, lane: cl.lane, write: cl.write, repeatable: cl.repeatable, console: c.console}
	req, err := c.request(withPassage(ctx, p), cl)
	if err != nil {
		return reply{}, &Error{Op: cl.op, Code: CodeUnreadable, Message: "the request cannot be encoded"}
	}
	resp, err := c.chain.RoundTrip(req)
	if err != nil {
		return reply{}, failed(p, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		e, who := c.refused(p, resp)
		return reply{blame: who}, e
	}
	return reply{
		status:        resp.StatusCode,
		body:          replyBytes(resp),
		correlationID: correlationID(resp.Header.Get("X-HubSpot-Correlation-Id")),
		doubt:         p.doubt,
	}, nil
}

// fetch sends a call and decodes the reply into out.
func (c *Client) fetch(ctx context.Context, cl call, out any) error {
	rep, e := c.send(ctx, cl)
	if e != nil {
		return e
	}
	if err := json.Unmarshal(rep.body, out); err != nil {
		return unreadable(cl, rep)
	}
	return nil
}

func (c *Client) request(ctx context.Context, cl call) (*http.Request, error) {
	u := *c.base
	u.RawPath = "" // paths are built escaped, so set them by parsing
	target, err := url.Parse(c.base.EscapedPath() + cl.path)
	if err != nil {
		return nil, err
	}
	u.Path, u.RawPath, u.RawQuery = target.Path, target.RawPath, cl.query.Encode()
	var body io.Reader
	if cl.body != nil {
		encoded, err := json.Marshal(cl.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, cl.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// failed is the error of a call that got no reply.
func failed(p *passage, err error) *Error {
	f, ok := asFailure(err)
	if !ok {
		f = &failure{code: CodeNetwork}
	}
	return &Error{
		Op:         p.op,
		Code:       f.code,
		Message:    wordsFor(f.code),
		RetryAfter: f.retryAfter,
		Outcome:    p.outcome(!f.unsent),
		cause:      f.cause,
	}
}

// refused is the error of a call that got a reply other than 2xx.
func (c *Client) refused(p *passage, resp *http.Response) (*Error, blame) {
	e, who := decodeEntry(replyBytes(resp))
	e.Op = p.op
	e.Status = resp.StatusCode
	if e.CorrelationID == "" {
		e.CorrelationID = correlationID(resp.Header.Get("X-HubSpot-Correlation-Id"))
	}
	e.RetryAfter = retryAfter(resp.Header, c.cfg.Now())
	switch {
	case resp.StatusCode < 400:
		e.Code = CodeRedirect
	case resp.StatusCode == http.StatusTooManyRequests:
		if e.RetryAfter == 0 {
			e.RetryAfter = p.pause
		}
		e.Policy = p.policy
		if !p.daily.IsZero() {
			e.Code, e.cause = CodeDailyLimit, &DailyLimitError{Until: p.daily}
			e.RetryAfter = max(p.daily.Sub(c.cfg.Now()), 0)
		}
	}
	e.Message = messageFor(e)
	e.Outcome = p.outcome(resp.StatusCode >= 500)
	return e, who
}

// unreadable is the error of a 2xx that does not hold what it should.
func unreadable(cl call, rep reply) *Error {
	e := &Error{
		Op:            cl.op,
		Status:        rep.status,
		Code:          CodeUnreadable,
		Message:       wordsFor(CodeUnreadable),
		CorrelationID: rep.correlationID,
	}
	if cl.write {
		e.Outcome = Unknown
	}
	return e
}

// outcome of a failed call, given whether the last attempt may have been
// carried out.
func (p *passage) outcome(perhaps bool) Outcome {
	if p.write && (perhaps || p.doubt) {
		return Unknown
	}
	return Known
}

// instant is a time of HubSpot's; zero if it is not one.
type instant struct{ time.Time }

// UnmarshalJSON never fails: a strange date must not void a whole reply.
func (t *instant) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		if parsed, err := time.Parse(time.RFC3339Nano, s); err == nil {
			t.Time = parsed
		}
	}
	return nil
}
