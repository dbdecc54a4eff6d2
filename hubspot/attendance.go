package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// AttendanceState is what a contact did.
type AttendanceState string

const (
	// Registered for the event.
	Registered AttendanceState = "register"
	// Attended the event.
	Attended AttendanceState = "attend"
	// CancelledRegistration for the event.
	CancelledRegistration AttendanceState = "cancel"
)

// Attendance is one contact's doing at an event.
type Attendance struct {
	// ContactID is the contact's record id.
	ContactID string
	// At is when it happened.
	At time.Time
	// JoinedAt and LeftAt go with Attended; zero is left out.
	JoinedAt, LeftAt time.Time
}

// RecordAttendance records up to MaxInputs contacts, by record id, at a
// marketing event that exists. One error per input comes back, in input order:
// nil if HubSpot confirmed it, CodeUnmentioned if the reply says nothing about
// the contact. The error is nil if HubSpot dealt with the contacts one by one,
// otherwise that of the whole call and of each input: IsNotFound can mean the
// event, or a contact. The same again sets the same state. Scope
// crm.objects.marketing_events.write.
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/attendance/set-attendance-contactId-externalId
func (c *Client) RecordAttendance(ctx context.Context, accountID, eventID string, state AttendanceState, contacts []Attendance) ([]*Error, error) {
	if accountID == "" || !segment(eventID) || state != Registered && state != Attended && state != CancelledRegistration {
		return nil, fmt.Errorf("%w: attendance", ErrInvalidInput)
	}
	ids := make([]string, len(contacts))
	wire := make([]map[string]any, len(contacts))
	for i, a := range contacts {
		if recordID(a.ContactID) == "" || a.At.IsZero() {
			return nil, fmt.Errorf("%w: input %d has no record id or no time", ErrInvalidInput, i)
		}
		ids[i], wire[i] = a.ContactID, a.wire(state)
	}
	if err := checkIDs(ids, MaxInputs); err != nil {
		return nil, err
	}
	if len(contacts) == 0 {
		return nil, nil
	}
	cl := call{
		op:         "attendance " + string(state),
		method:     http.MethodPost,
		path:       c.paths.attendance(eventID, string(state)),
		query:      accountOf(accountID),
		body:       map[string]any{"inputs": wire},
		write:      true,
		repeatable: true,
	}
	r := newRoster("", ids, nil)
	rep, e := c.send(ctx, cl)
	var w struct {
		Status  json.RawMessage `json:"status"`
		Results []struct {
			ContactID json.RawMessage `json:"vid"` // a number
		} `json:"results"`
		Errors json.RawMessage `json:"errors"`
	}
	if e == nil && (json.Unmarshal(rep.body, &w) != nil || w.Results == nil) {
		e = unreadable(cl, rep)
	}
	out := make([]*Error, len(contacts))
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		for i := range out {
			out[i] = e
		}
		return out, e
	}
	named := map[string]bool{}
	for _, res := range w.Results {
		named[text(res.ContactID)] = true
	}
	errs, nobodys := blameEach(cl, rep, list(w.Errors), r, len(contacts))
	for i, id := range ids {
		switch {
		case errs[i] != nil:
			out[i] = errs[i]
		case !named[id]:
			out[i] = doubtfulInput(cl, rep, CodeUnmentioned, nobodys)
		case text(w.Status) != "COMPLETE":
			out[i] = doubtfulInput(cl, rep, CodeNotConfirmed, nil)
		}
	}
	return out, nil
}

func (a Attendance) wire(state AttendanceState) map[string]any {
	props := map[string]string{}
	if state == Attended {
		for key, at := range map[string]time.Time{"joinedAt": a.JoinedAt, "leftAt": a.LeftAt} {
			if !at.IsZero() {
				props[key] = at.UTC().Format(time.RFC3339)
			}
		}
	}
	return map[string]any{
		"vid":                 json.Number(a.ContactID),
		"interactionDateTime": json.Number(strconv.FormatInt(a.At.UnixMilli(), 10)),
		"properties":          props,
	}
}

// blameEach reads the error entries of a 2xx: the error of each input that one
// names, and those that name nobody.
func blameEach(cl call, rep reply, entries []json.RawMessage, r roster, n int) (errs []*Error, nobodys []*Error) {
	errs = make([]*Error, n)
	for _, raw := range entries {
		e, b := entryError(cl, rep, raw)
		blamed := r.blamed(b)
		if len(blamed) == 0 {
			nobodys = append(nobodys, e)
		}
		for _, i := range blamed {
			own := *e
			errs[i] = &own
		}
	}
	return errs, nobodys
}
