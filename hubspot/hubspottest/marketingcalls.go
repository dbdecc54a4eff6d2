package hubspottest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"
)

// locateMarketing splits a path of marketing events.
func locateMarketing(seg []string) (product string, v version, rest []string, ok bool) {
	if seg[1] == string(v3) {
		return seg[2], v3, seg[3:], true
	}
	v, ok = parseVersion(seg[2])
	return seg[1], v, seg[3:], ok && v != v3
}

func marketingRoutes() []route {
	reads := func(*call) []string { return []string{"crm.objects.marketing_events.read"} }
	writes := func(*call) []string { return []string{"crm.objects.marketing_events.write"} }
	return []route{
		{http.MethodPost, "marketing-events", "events/upsert", writes, upsertMarketing},
		{http.MethodGet, "marketing-events", "events/{event}", reads, getMarketing},
		{http.MethodPost, "marketing-events", "attendance/{event}/{state}/create", writes, recordAttendance},
	}
}

// marketingFields are what a call says about an event, and what is shown again.
type marketingFields struct {
	Account     string `json:"externalAccountId,omitempty"`
	Event       string `json:"externalEventId,omitempty"`
	Name        string `json:"eventName"`
	Organizer   string `json:"eventOrganizer"`
	Type        string `json:"eventType,omitempty"`
	Description string `json:"eventDescription,omitempty"`
	URL         string `json:"eventUrl,omitempty"`
	Start       string `json:"startDateTime,omitempty"`
	End         string `json:"endDateTime,omitempty"`
	Cancelled   *bool  `json:"eventCancelled,omitempty"`
	Completed   *bool  `json:"eventCompleted,omitempty"`
}

// over lays what a call says over what is known.
func (f marketingFields) over(old marketingFields) marketingFields {
	return marketingFields{
		Account: f.Account, Event: f.Event, Name: f.Name, Organizer: f.Organizer,
		Type: cmp.Or(f.Type, old.Type), Description: cmp.Or(f.Description, old.Description), URL: cmp.Or(f.URL, old.URL),
		Start: cmp.Or(f.Start, old.Start), End: cmp.Or(f.End, old.End),
		Cancelled: cmp.Or(f.Cancelled, old.Cancelled), Completed: cmp.Or(f.Completed, old.Completed),
	}
}

// marketingBody is an event in a reply. It does not name the keys that it was sent by.
type marketingBody struct {
	marketingFields
	ID         string `json:"id"`
	ObjectID   string `json:"objectId"`
	CreatedAt  stamp  `json:"createdAt"`
	UpdatedAt  stamp  `json:"updatedAt"`
	Properties []any  `json:"customProperties"`
}

func (e *marketingEvent) body() marketingBody {
	b := marketingBody{e.fields, e.id, e.id, stamp(e.createdAt), stamp(e.updatedAt), []any{}}
	b.Account, b.Event = "", ""
	return b
}

// upsertMarketing creates and updates events. One that lacks a required field rejects
// the call.
func upsertMarketing(c *call) reply {
	var req struct {
		Inputs []marketingFields `json:"inputs"`
	}
	f := c.decode(&req)
	if f == nil && len(req.Inputs) > maxBatch {
		f = badRequest("The maximum number of inputs supported in a batch request is 100")
	}
	for _, in := range req.Inputs {
		_, noStart := time.Parse(time.RFC3339, cmp.Or(in.Start, "2026-01-01T00:00:00Z"))
		_, noEnd := time.Parse(time.RFC3339, cmp.Or(in.End, "2026-01-01T00:00:00Z"))
		switch {
		case in.Account == "" || in.Event == "" || in.Name == "" || in.Organizer == "":
			f = badRequest("externalAccountId, externalEventId, eventName and eventOrganizer must be set")
		case noStart != nil || noEnd != nil:
			f = badRequest("startDateTime and endDateTime must be times")
		}
	}
	if f != nil {
		return f.reply(c)
	}
	results := []marketingBody{}
	for i, in := range req.Inputs {
		if c.short && i%2 == 0 {
			continue
		}
		e := c.portal.marketingEvent(in.Account, in.Event)
		if e == nil {
			e = &marketingEvent{id: formatID(c.sim.nextID()), createdAt: c.now, parts: map[string]*participation{}}
			c.portal.shows = append(c.portal.shows, e)
		}
		e.fields, e.updatedAt = in.over(e.fields), c.now
		b := e.body()
		if c.sim.opts.MarketingResultsNameEvents {
			b.Event = in.Event
		}
		results = append(results, b)
	}
	return answerBatch(c, results, nil)
}

// answerBatch is the reply to a batch of this API, which has no 207.
func answerBatch[T any](c *call, results []T, errors []entry) reply {
	if !c.sim.opts.OrderedResults {
		c.sim.shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	}
	body := map[string]any{"status": "COMPLETE", "results": results, "startedAt": stamp(c.now), "completedAt": stamp(c.sim.now())}
	if len(errors) > 0 {
		body["errors"], body["numErrors"] = errors, len(errors)
	}
	return reply{http.StatusOK, body}
}

// eventOf finds the event in the path and the query of a call.
func (c *call) eventOf() (*marketingEvent, *failure) {
	account := c.query.Get("externalAccountId")
	if account == "" {
		return nil, badRequest("externalAccountId must be set")
	}
	if e := c.portal.marketingEvent(account, c.params["event"]); e != nil {
		return e, nil
	}
	return nil, &failure{status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", message: "No marketing event with externalEventId " + c.params["event"]}
}

// getMarketing answers an event with its counters, each contact once in each.
func getMarketing(c *call) reply {
	e, f := c.eventOf()
	if f != nil {
		return f.reply(c)
	}
	out := struct {
		marketingBody
		Registrants   int `json:"registrants"`
		Attendees     int `json:"attendees"`
		Cancellations int `json:"cancellations"`
		NoShows       int `json:"noShows"`
	}{marketingBody: e.body()}
	out.Event = e.fields.Event
	for _, p := range e.parts {
		out.Registrants += count(p.registered)
		out.Attendees += count(p.came)
		out.Cancellations += count(p.state == cancelled)
		out.NoShows += count(p.state == registered && !p.came && isSet(e.fields.Completed))
	}
	return reply{http.StatusOK, out}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

type subscriber struct {
	ContactID json.Number       `json:"vid"`
	At        int64             `json:"interactionDateTime"` // in milliseconds
	Props     map[string]string `json:"properties"`
}

// recordAttendance records what contacts did at an event, by their record ids.
func recordAttendance(c *call) reply {
	state, known := stateOf(c.params["state"])
	var req struct {
		Inputs []subscriber `json:"inputs"`
	}
	e, f := c.eventOf()
	if !known {
		f = badRequest("The subscriber state must be register, attend or cancel")
	}
	if f == nil {
		f = c.decode(&req)
	}
	if f == nil && len(req.Inputs) > maxBatch {
		f = badRequest("The maximum number of inputs supported in a batch request is 100")
	}
	if f != nil {
		return f.reply(c)
	}
	contacts := c.portal.objects("contacts")
	type result struct {
		ContactID json.Number `json:"vid"`
	}
	var missing []string
	results := []result{}
	for _, in := range req.Inputs {
		if c.target(contacts, in.ContactID.String(), "") == nil {
			missing = append(missing, in.ContactID.String())
		}
	}
	gone := lost(contacts.t, missing)
	if len(missing) > 0 && c.sim.opts.AttendanceErrorsReject {
		return gone.reply(c)
	}
	for i, in := range req.Inputs {
		r := c.target(contacts, in.ContactID.String(), "")
		if r == nil || c.short && i%2 == 0 {
			continue
		}
		p := e.parts[r.id]
		if p == nil {
			p = &participation{}
			e.parts[r.id] = p
		}
		p.note(state, time.UnixMilli(in.At).UTC(), in.Props["joinedAt"], in.Props["leftAt"])
		results = append(results, result{in.ContactID})
	}
	if len(missing) == 0 {
		return answerBatch(c, results, nil)
	}
	return answerBatch(c, results, []entry{gone.entry(c, "")})
}
