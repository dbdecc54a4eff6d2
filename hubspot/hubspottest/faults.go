package hubspottest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault makes matching calls go wrong. The zero value of a field matches everything
// or does nothing. Faults are tried in the order of their injection; the first that
// matches a call is the one that it meets.
type Fault struct {
	Method       string `json:"method,omitempty"`
	PathContains string `json:"pathContains,omitempty"`
	PortalID     int64  `json:"portalId,omitempty"`
	Times        int    `json:"times,omitempty"` // calls that meet the fault; 0 means until cleared
	After        int    `json:"after,omitempty"` // matching calls that pass first

	Status      int           `json:"status,omitempty"`      // answer this status without doing anything
	Body        string        `json:"body,omitempty"`        // with Status (default 200); default a HubSpot error body
	ContentType string        `json:"contentType,omitempty"` // of Body; default JSON
	Pad         int           `json:"pad,omitempty"`         // spaces after Body, for replies beyond all reason
	RetryAfter  time.Duration `json:"retryAfter,omitempty"`  // header with the answer, in whole seconds
	Delay       time.Duration `json:"delay,omitempty"`       // before the call is executed, or after it if Commit or LoseReply
	Trickle     time.Duration `json:"trickle,omitempty"`     // pause after every 64 bytes of the reply
	Truncate    bool          `json:"truncate,omitempty"`    // cut the connection in the middle of the body
	DropBefore  bool          `json:"dropBefore,omitempty"`  // drop the connection before anything happens
	LoseReply   bool          `json:"loseReply,omitempty"`   // execute the call, then drop the connection
	Commit      bool          `json:"commit,omitempty"`      // execute the call, then answer Status, as a gateway timeout does
	EmptyOK     bool          `json:"emptyOK,omitempty"`     // 200 COMPLETE without results; nothing is written
	Short       bool          `json:"short,omitempty"`       // forget every second input: neither written nor mentioned
}

// check finds what makes no sense in a fault.
func (f *Fault) check() error {
	switch {
	case f.Times < 0 || f.After < 0 || f.Pad < 0:
		return errors.New("times, after and pad must not be negative")
	case f.Delay < 0 || f.Trickle < 0 || f.RetryAfter < 0:
		return errors.New("durations must not be negative")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is not between 200 and 599", f.Status)
	case f.Commit && f.Status == 0 && f.Body == "" && f.Delay == 0:
		return errors.New("commit needs a status, a body or a delay")
	}
	return nil
}

// UnmarshalJSON reads durations as text such as "250ms" or as nanoseconds.
func (f *Fault) UnmarshalJSON(raw []byte) error {
	type plainFault Fault
	var in struct {
		*plainFault
		RetryAfter duration `json:"retryAfter"`
		Delay      duration `json:"delay"`
		Trickle    duration `json:"trickle"`
	}
	in.plainFault = (*plainFault)(f)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return err
	}
	f.RetryAfter, f.Delay, f.Trickle = time.Duration(in.RetryAfter), time.Duration(in.Delay), time.Duration(in.Trickle)
	return nil
}

// duration is a time.Duration that JSON may spell as text.
type duration time.Duration

func (d *duration) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] != '"' {
		return json.Unmarshal(raw, (*int64)(d))
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	*d = duration(v)
	return err
}

type armedFault struct {
	Fault
	passed, met int
}

// Inject adds a fault. It panics on one that makes no sense.
func (s *Simulator) Inject(f Fault) {
	if err := f.check(); err != nil {
		panic("hubspottest: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &armedFault{Fault: f})
	s.wake()
}

// ClearFaults removes all faults. Calls that already met one stay under it.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.wake()
}

// takeFault answers the fault that a call meets, nil for none.
func (s *Simulator) takeFault(r Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if !f.matches(r) {
			continue
		}
		if f.passed < f.After {
			f.passed++
			continue
		}
		if f.met++; f.Times > 0 && f.met == f.Times {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		met := f.Fault
		return &met
	}
	return nil
}

func (f *Fault) matches(r Request) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) &&
		strings.Contains(r.Path, f.PathContains) &&
		(f.PortalID == 0 || f.PortalID == r.PortalID)
}

// name says in the request log what a call met.
func (f *Fault) name() string {
	if f == nil {
		return ""
	}
	var parts []string
	add := func(on bool, word string) {
		if on {
			parts = append(parts, word)
		}
	}
	add(f.Delay > 0, "delay")
	add(f.Trickle > 0, "trickle")
	add(f.DropBefore, "drop before")
	add(f.LoseReply, "lose reply")
	add(f.Commit, "commit")
	add(f.EmptyOK, "empty ok")
	add(f.Short, "short")
	add(f.Truncate, "truncate")
	add(f.Status != 0, "status "+strconv.Itoa(f.Status))
	add(f.Status == 0 && f.Body != "", "body")
	return strings.Join(parts, ", ")
}

// response is the answer of a fault that has one.
func (f *Fault) response(c *call, header http.Header) response {
	out := response{status: f.Status, header: header, body: []byte(f.Body)}
	if out.header == nil {
		out.header = http.Header{}
	}
	if out.status == 0 {
		out.status = http.StatusOK
	}
	if f.RetryAfter > 0 {
		out.header.Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Round(time.Second)/time.Second)))
	}
	if f.ContentType != "" {
		out.header.Set("Content-Type", f.ContentType)
	}
	switch {
	case f.Body != "":
	case f.EmptyOK:
		out.body = encode(batchReply{Status: "COMPLETE", Results: []result{}, StartedAt: stamp(c.now), CompletedAt: stamp(c.now)})
	case out.status == http.StatusTooManyRequests:
		out.body = encode(overLimit(c, "TEN_SECONDLY_ROLLING").body)
	case out.status == http.StatusUnauthorized:
		out.body = encode(unauthenticated(c).body)
	case out.status >= 400:
		out.body = encode(errorBody{Status: "error", Message: faultMessage(out.status), CorrelationID: c.correlation})
	}
	if f.Pad > 0 {
		out.body = append(out.body, strings.Repeat(" ", f.Pad)...)
	}
	if len(out.body) == 0 {
		out.body = nil
	}
	return out
}

func faultMessage(status int) string {
	switch status {
	case http.StatusLocked:
		return "This record is locked. Please try again later."
	case 477:
		return "The account is being migrated to another data center."
	}
	return "internal error"
}
