package hubspottest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxControlBody bounds the bodies of the control surface, in bytes.
const maxControlBody = 1 << 20

// control serves the paths under /_sim/. It needs no token: the simulator belongs on
// loopback.
func (s *Simulator) control(w http.ResponseWriter, r *http.Request) {
	var out any
	var err error
	status := http.StatusOK
	switch r.Method + " " + r.URL.Path {
	case "GET /_sim/state":
		out, err = s.controlState(r)
	case "GET /_sim/requests":
		out, err = s.controlRequests(r)
	case "DELETE /_sim/requests":
		s.ResetRequests()
		status = http.StatusNoContent
	case "GET /_sim/faults":
		out = s.controlFaults()
	case "POST /_sim/faults":
		out, err = s.controlInject(w, r)
		status = http.StatusCreated
	case "DELETE /_sim/faults":
		s.ClearFaults()
		status = http.StatusNoContent
	case "GET /_sim/portals":
		out = s.controlPortals()
	case "POST /_sim/portals":
		out, err = s.controlPortal(w, r)
		status = http.StatusCreated
	default:
		status, out = http.StatusNotFound, map[string]string{"error": "no control call " + r.Method + " " + r.URL.Path}
	}
	if err != nil {
		status, out = http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	body := encode(out)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// stateRecord is a record in the state report.
type stateRecord struct {
	ID         string            `json:"id"`
	Properties map[string]string `json:"properties"`
	CreatedAt  time.Time         `json:"createdAt"`
	UpdatedAt  time.Time         `json:"updatedAt"`
	MergedIDs  []string          `json:"mergedIds,omitempty"`
}

// controlState reports the live records of a portal, their associations, each in both
// directions, and the lists with the ids of their members. Kinds that the simulator does
// not keep yet are empty lists.
func (s *Simulator) controlState(r *http.Request) (any, error) {
	raw := r.URL.Query().Get("portal")
	id, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("query parameter portal must be a portal id, got %q", raw)
	}
	p := s.Portal(id)
	if p == nil {
		return nil, fmt.Errorf("there is no portal %d", id)
	}
	out := map[string]any{"lists": p.Lists(), "associations": p.AllAssociations()}
	for _, o := range p.types {
		list := []stateRecord{}
		for _, rec := range p.Records(o.t.plural) {
			list = append(list, stateRecord{rec.ID, rec.Properties, rec.CreatedAt, rec.UpdatedAt, rec.MergedIDs})
		}
		out[o.t.plural] = list
	}
	return out, nil
}

func (s *Simulator) controlRequests(r *http.Request) (any, error) {
	since := int64(0)
	if raw := r.URL.Query().Get("since"); raw != "" {
		n, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("query parameter since must be a sequence number, got %q", raw)
		}
		since = n
	}
	type row struct {
		Request
		Body json.RawMessage `json:"body,omitempty"`
	}
	out := []row{}
	for _, req := range s.Requests() {
		if req.Seq > since {
			one := row{Request: req}
			if json.Valid(req.Body) {
				one.Body = req.Body
			}
			out = append(out, one)
		}
	}
	return out, nil
}

func (s *Simulator) controlFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Fault{}
	for _, f := range s.faults {
		out = append(out, f.Fault)
	}
	return out
}

func (s *Simulator) controlInject(w http.ResponseWriter, r *http.Request) (any, error) {
	var f Fault
	if err := readControl(w, r, &f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	s.Inject(f)
	return f, nil
}

func (s *Simulator) controlPortal(w http.ResponseWriter, r *http.Request) (any, error) {
	var p Portal
	if err := readControl(w, r, &p); err != nil {
		return nil, err
	}
	if _, err := s.addPortal(p); err != nil {
		return nil, err
	}
	return map[string]int64{"id": p.ID}, nil
}

// controlPortals lists the accounts by id, without their tokens.
func (s *Simulator) controlPortals() any {
	type row struct {
		ID       int64  `json:"id"`
		Name     string `json:"name"`
		TimeZone string `json:"timeZone"`
		Contacts int    `json:"contacts"`
	}
	s.mu.Lock()
	portals := slices.SortedFunc(maps.Values(s.portals), func(a, b *PortalState) int { return cmp.Compare(a.portal.ID, b.portal.ID) })
	s.mu.Unlock()
	out := []row{}
	for _, p := range portals {
		out = append(out, row{p.portal.ID, p.portal.Name, p.portal.TimeZone, p.Count("contacts")})
	}
	return out
}

// readControl reads one JSON object and refuses members that it does not know.
func readControl(w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("the body is not the JSON object that is expected here: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more than one JSON value in the body")
	}
	return nil
}
