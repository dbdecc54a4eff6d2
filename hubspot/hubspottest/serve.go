package hubspottest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP answers an API call, or a call of the control surface under /_sim/. A
// fault that drops the connection ends in panic(http.ErrAbortHandler), which an
// http.Server turns into a closed connection.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sim/") {
		s.control(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.opts.MaxBody))
	c := &call{sim: s, query: r.URL.Query(), body: body, now: s.now(), correlation: s.correlationID()}
	c.token = s.authenticate(r.Header.Get("Authorization"))
	if c.token != nil {
		c.portal = c.token.portal
	}
	seen := Request{Time: c.now, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, PortalID: c.portalID(), Inputs: countInputs(body), Body: body}
	if err != nil {
		s.rejectBody(w, c, seen, err)
		return
	}
	fault := s.takeFault(seen)
	seen.Fault = fault.name()
	s.play(w, r, c, seen, fault)
}

// play serves one call with the fault that it met, which may be none.
func (s *Simulator) play(w http.ResponseWriter, r *http.Request, c *call, seen Request, f *Fault) {
	if f == nil {
		f = &Fault{}
	}
	s.mu.Lock()
	latency := s.latency
	s.mu.Unlock()
	if !s.hold(r.Context(), latency) {
		s.abort(seen)
	}
	commit := f.LoseReply || f.Commit
	if !commit && !s.hold(r.Context(), f.Delay) {
		s.abort(seen)
	}
	if f.DropBefore {
		s.abort(seen)
	}
	c.now = s.now()
	c.short = f.Short
	canned := f.Status != 0 || f.Body != "" || f.EmptyOK
	var rep reply
	var header http.Header
	if !canned || commit {
		rep, header = s.execute(c, r.Method, r.URL.EscapedPath())
	}
	if commit {
		if !s.hold(r.Context(), f.Delay) || f.LoseReply {
			s.abort(seen)
		}
	}
	out := response{status: rep.status, header: header, body: encode(rep.body)}
	if canned {
		out = f.response(c, header)
	}
	if out.header == nil {
		out.header = http.Header{}
	}
	out.header.Set("X-HubSpot-Correlation-Id", c.correlation)
	seen.Status = out.status
	s.record(seen)
	out.write(r.Context(), w, f)
}

// execute runs the call and answers its reply with the rate limit headers.
func (s *Simulator) execute(c *call, method, path string) (reply, http.Header) {
	if c.token == nil {
		return unauthenticated(c), http.Header{}
	}
	product, v, rest, ok := locate(path)
	c.version = v
	var found *route
	known := false
	if ok {
		found, c.params, known = match(s.table, method, product, rest)
	}
	c.portal.mu.Lock()
	defer c.portal.mu.Unlock()
	header, over := c.spend(found)
	if over != nil {
		return *over, header
	}
	if found == nil {
		if known {
			return plain(http.StatusMethodNotAllowed, "HTTP 405 Method Not Allowed").reply(c), header
		}
		return plain(http.StatusNotFound, "resource not found").reply(c), header
	}
	if f := c.authorize(found.scopes(c)); f != nil && !c.missesTarget(found) {
		return f.reply(c), header
	}
	c.portal.follow(c.now)
	defer c.portal.follow(c.now)
	return found.run(c), header
}

// abort ends the call without a reply.
func (s *Simulator) abort(seen Request) {
	s.record(seen)
	panic(http.ErrAbortHandler)
}

func (s *Simulator) rejectBody(w http.ResponseWriter, c *call, seen Request, err error) {
	var big *http.MaxBytesError
	if !errors.As(err, &big) {
		s.abort(seen) // the client went away while it was sending
	}
	seen.Body, seen.Status = nil, http.StatusRequestEntityTooLarge
	s.record(seen)
	rep := plain(http.StatusRequestEntityTooLarge, "Request body is too large").reply(c)
	response{status: rep.status, header: http.Header{}, body: encode(rep.body)}.write(context.Background(), w, &Fault{})
}

// response is what goes out on the wire.
type response struct {
	status int
	header http.Header
	body   []byte
}

const contentType = "application/json;charset=utf-8"

func (o response) write(ctx context.Context, w http.ResponseWriter, f *Fault) {
	for k, v := range o.header {
		w.Header()[k] = v
	}
	if o.body != nil && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", contentType)
	}
	if o.body == nil && f.Truncate {
		panic(http.ErrAbortHandler)
	}
	if o.body == nil {
		w.WriteHeader(o.status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	w.WriteHeader(o.status)
	body := o.body
	if f.Truncate {
		body = body[:len(body)/2]
	}
	for f.Trickle > 0 && len(body) > 0 {
		n := min(len(body), 64)
		write(w, body[:n])
		if body = body[n:]; !wait(ctx, f.Trickle) {
			panic(http.ErrAbortHandler)
		}
	}
	write(w, body)
	if f.Truncate {
		panic(http.ErrAbortHandler)
	}
}

// write sends and flushes; an error means that the client is gone.
func write(w http.ResponseWriter, b []byte) {
	if _, err := w.Write(b); err != nil {
		panic(http.ErrAbortHandler)
	}
	if fl, ok := w.(http.Flusher); ok {
		fl.Flush()
	}
}

// encode writes JSON as HubSpot does: without escaping for HTML.
func encode(v any) []byte {
	if v == nil {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("hubspottest: encode reply: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// wait pauses for d of real time; false means that the client went away.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func countInputs(body []byte) int {
	if !bytes.Contains(body, []byte(`"inputs"`)) {
		return 0
	}
	var in struct {
		Inputs []json.RawMessage `json:"inputs"`
	}
	if json.Unmarshal(body, &in) != nil {
		return 0
	}
	return len(in.Inputs)
}
