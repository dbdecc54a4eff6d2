package hubspottest

import (
	"slices"
	"time"
)

// Request is one API call as the simulator saw it. Headers are not kept, so neither
// is the token. Bodies hold what the client sent: personal data, if it sent any.
type Request struct {
	Seq      int64     `json:"seq"` // from 1, without gaps, over the simulator's life
	Time     time.Time `json:"time"`
	Method   string    `json:"method"`
	Path     string    `json:"path"`
	Query    string    `json:"query,omitempty"`
	Status   int       `json:"status"` // of the reply; 0 if there was none
	PortalID int64     `json:"portalId"`
	Inputs   int       `json:"inputs"` // of a batch
	Body     []byte    `json:"-"`      // nil once the log is over its bound
	Fault    string    `json:"fault,omitempty"`
}

// requestLog keeps the latest requests within two bounds.
type requestLog struct {
	cap       int
	bodyCap   int64
	seq       int64
	entries   []Request
	bodyBytes int64
	bodyFrom  int // entries before this index have no body any more
}

func (l *requestLog) add(r Request) {
	l.seq++
	r.Seq = l.seq
	if l.cap < 0 {
		return
	}
	if l.bodyCap < 0 {
		r.Body = nil
	}
	l.entries = append(l.entries, r)
	l.bodyBytes += int64(len(r.Body))
	for l.bodyBytes > l.bodyCap && l.bodyFrom < len(l.entries) {
		e := &l.entries[l.bodyFrom]
		l.bodyBytes -= int64(len(e.Body))
		e.Body = nil
		l.bodyFrom++
	}
	if over := len(l.entries) - l.cap; over > 0 {
		for _, e := range l.entries[:over] {
			l.bodyBytes -= int64(len(e.Body))
		}
		l.entries = l.entries[over:]
		l.bodyFrom = max(l.bodyFrom-over, 0)
	}
}

// Requests answers the API calls in the order in which they were answered, as far as
// the log reaches back.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log.entries)
}

// ResetRequests empties the log. Sequence numbers go on.
func (s *Simulator) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.entries, s.log.bodyBytes, s.log.bodyFrom = nil, 0, 0
	s.wake()
}

func (s *Simulator) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.add(r)
	s.wake()
}
