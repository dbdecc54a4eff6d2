package hubspot

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// MarketingEvent is an event to which contacts register and which they attend.
// The account and the id of the system outside are its key.
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/guide
type MarketingEvent struct {
	// AccountID and EventID are the caller's own: externalAccountId and
	// externalEventId.
	AccountID string
	EventID   string
	// ID is the record id. Reading tells it; an upsert does not send it, and is
	// helped by it to find the event in a reply.
	ID        string
	Name      string
	Organizer string
	// Type such as WEBINAR, CONFERENCE, WORKSHOP. This, texts and times may be
	// empty, and are left as they are then.
	Type        string
	Description string
	URL         string
	Start, End  time.Time
	// Cancelled is always written.
	Cancelled bool
	// Completed is written if it is set: an event that HubSpot, or a person there,
	// has completed is not opened again by an update that does not know of it.
	Completed bool
}

// MarketingResult says what became of one event of an upsert.
type MarketingResult struct {
	// ID is the event's record id; another one than before if the event had been
	// deleted and was made anew. It can be empty even without an error: HubSpot's
	// reply does not name the keys, so events of one name whose ids are not known
	// cannot be told apart.
	ID string
	// Err says why the event is not confirmed, CodeUnmentioned among others.
	Err *Error
}

// MarketingCount is what HubSpot counts at an event, each contact once.
type MarketingCount struct {
	Registrants, Attendees, Cancellations, NoShows int
}

// UpsertMarketingEvents creates or updates up to MaxInputs events by their
// keys; no two may share an EventID. The results are in input order. The error
// is nil if HubSpot dealt with the events one by one, otherwise that of the
// whole call and of each result. An event that another app created cannot be
// updated. The call may be repeated within its time. Scope
// crm.objects.marketing_events.write.
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/guide
func (c *Client) UpsertMarketingEvents(ctx context.Context, events []MarketingEvent) ([]MarketingResult, error) {
	ids := make([]string, len(events))
	wire := make([]map[string]any, len(events))
	for i, e := range events {
		if e.AccountID == "" || e.Name == "" || e.Organizer == "" {
			return nil, fmt.Errorf("%w: event %d lacks account, name or organizer", ErrInvalidInput, i)
		}
		ids[i], wire[i] = e.EventID, e.wire()
	}
	if err := checkIDs(ids, MaxInputs); err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, nil
	}
	cl := call{
		op:         "marketing events upsert",
		method:     http.MethodPost,
		path:       c.paths.marketingUpsert(),
		body:       map[string]any{"inputs": wire},
		write:      true,
		repeatable: true,
	}
	r := newRoster("", ids, nil)
	rep, e := c.send(ctx, cl)
	var w struct {
		Status  json.RawMessage `json:"status"`
		Results []wireMarketing `json:"results"`
		Errors  json.RawMessage `json:"errors"`
	}
	if e == nil && (json.Unmarshal(rep.body, &w) != nil || w.Results == nil) {
		e = unreadable(cl, rep)
	}
	if e != nil {
		e.Inputs = r.blamed(rep.blame)
		out := make([]MarketingResult, len(events))
		for i := range out {
			out[i].Err = e
		}
		return out, e
	}
	errs, nobodys := blameEach(cl, rep, list(w.Errors), r, len(events))
	out := make([]MarketingResult, len(events))
	confirmed := matchMarketing(events, w.Results, len(list(w.Errors)) == 0)
	for i := range out {
		switch {
		case errs[i] != nil:
			out[i].Err = errs[i]
		case confirmed[i] == nil:
			out[i].Err = doubtfulInput(cl, rep, CodeUnmentioned, nobodys)
		case text(w.Status) != "COMPLETE":
			out[i].Err = doubtfulInput(cl, rep, CodeNotConfirmed, nil)
		default:
			out[i].ID = *confirmed[i]
		}
	}
	return out, nil
}

// matchMarketing finds the events that a reply confirms, with their record ids:
// by the key if a result has one, by the id that the caller knows, else by a
// name that is unique among those that are left on both sides. A clean reply with
// as many records as there were events confirms them all.
func matchMarketing(events []MarketingEvent, results []wireMarketing, clean bool) []*string {
	out := make([]*string, len(events))
	byKey, records := map[string][]string{}, map[string]wireMarketing{}
	for _, w := range results {
		if id := w.id(); id != "" {
			records[id] = w
			byKey[w.EventID] = append(byKey[w.EventID], id)
		}
	}
	all := len(records)
	names, byName := map[string]int{}, map[string][]string{}
	for i, e := range events {
		if found := byKey[e.EventID]; len(found) == 1 {
			out[i] = &found[0]
		} else if w, known := records[e.ID]; known && w.EventID == "" {
			out[i] = &events[i].ID
		} else {
			names[fold(e.Name)]++
			continue
		}
		delete(records, *out[i])
	}
	for id, w := range records {
		byName[fold(w.Name)] = append(byName[fold(w.Name)], id)
	}
	for i, e := range events {
		if out[i] != nil {
			continue
		}
		if found := byName[fold(e.Name)]; names[fold(e.Name)] == 1 && len(found) == 1 {
			out[i] = &found[0]
		} else if clean && all == len(events) {
			out[i] = new(string)
		}
	}
	return out
}

// MarketingEvent returns an event and its counters. IsNotFound if there is
// none, or if another app created it. Scope crm.objects.marketing_events.read.
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/guide
func (c *Client) MarketingEvent(ctx context.Context, accountID, eventID string) (MarketingEvent, MarketingCount, error) {
	if accountID == "" || !segment(eventID) {
		return MarketingEvent{}, MarketingCount{}, fmt.Errorf("%w: marketing event", ErrInvalidInput)
	}
	cl := call{op: "marketing event", method: http.MethodGet, path: c.paths.marketingEvent(eventID), query: accountOf(accountID), repeatable: true}
	var w wireMarketing
	if err := c.fetch(ctx, cl, &w); err != nil {
		return MarketingEvent{}, MarketingCount{}, err
	}
	if w.id() == "" {
		return MarketingEvent{}, MarketingCount{}, unreadable(cl, reply{status: http.StatusOK})
	}
	return MarketingEvent{
		AccountID: accountID, EventID: eventID, ID: w.id(), Name: w.Name, Organizer: w.Organizer, Type: w.Type, Description: w.Description, URL: w.URL,
		Start: w.Start.Time, End: w.End.Time, Cancelled: w.Cancelled, Completed: w.Completed,
	}, MarketingCount{w.Registrants, w.Attendees, w.Cancellations, w.NoShows}, nil
}

type wireMarketing struct {
	ID            json.RawMessage `json:"id"`
	ObjectID      json.RawMessage `json:"objectId"`
	EventID       string          `json:"externalEventId"`
	Name          string          `json:"eventName"`
	Organizer     string          `json:"eventOrganizer"`
	Type          string          `json:"eventType"`
	Description   string          `json:"eventDescription"`
	URL           string          `json:"eventUrl"`
	Start         instant         `json:"startDateTime"`
	End           instant         `json:"endDateTime"`
	Cancelled     bool            `json:"eventCancelled"`
	Completed     bool            `json:"eventCompleted"`
	Registrants   int             `json:"registrants"`
	Attendees     int             `json:"attendees"`
	Cancellations int             `json:"cancellations"`
	NoShows       int             `json:"noShows"`
}

func (w wireMarketing) id() string { return cmp.Or(text(w.ObjectID), text(w.ID)) }

// wire is an event as HubSpot wants it.
func (e MarketingEvent) wire() map[string]any {
	out := map[string]any{
		"externalAccountId": e.AccountID, "externalEventId": e.EventID, "eventName": e.Name, "eventOrganizer": e.Organizer,
		"eventCancelled": e.Cancelled, "customProperties": []any{},
	}
	if e.Completed {
		out["eventCompleted"] = true
	}
	for key, value := range map[string]string{"eventType": e.Type, "eventDescription": e.Description, "eventUrl": e.URL} {
		if value != "" {
			out[key] = value
		}
	}
	for key, at := range map[string]time.Time{"startDateTime": e.Start, "endDateTime": e.End} {
		if !at.IsZero() {
			out[key] = at.UTC().Format(time.RFC3339)
		}
	}
	return out
}

func accountOf(id string) url.Values { return url.Values{"externalAccountId": {id}} }

// segment reports whether a caller's own id can stand in a path.
func segment(id string) bool { return id != "" && id != "." && id != ".." }
