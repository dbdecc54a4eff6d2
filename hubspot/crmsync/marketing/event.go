package marketing

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/attendance"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// eventVersion is part of every event's fingerprint: a release that describes
// them otherwise writes them once more.
const eventVersion = "event/1"

// organizer is who holds an event of which the host does not say it; HubSpot
// wants somebody.
const organizer = "MemberPulse"

// eventWork is one event on its way through a pass.
type eventWork struct {
	carry.Fate

	d          outbox.Delivery
	prior, row eventRow // as stored, and as it shall be
	event      hubspot.MarketingEvent
	print      []byte
	gone       bool // the host has it no more
}

// eventLens is what an event is seen from.
type eventLens struct {
	account  string
	since    time.Time
	epoch    int64
	doubtful bool
	link     func(integration.Ref) string
}

// plan decides what the event needs. It is pure.
func (w *eventWork) plan(l eventLens, answer integration.Loaded) {
	e, _ := answer.Entity.(integration.Event)
	switch {
	case answer.Gone:
		w.gone = true
		w.print = carry.Fingerprint(eventVersion+" gone", w.d.Key, "", l.epoch, nil)
		switch {
		case w.prior.Key == "":
			w.end()
		case carry.SameFingerprint(w.prior.Fingerprint, w.print) && !l.doubtful:
			w.end()
		}
		return
	case carry.Silent(answer), !strings.EqualFold(e.ID, w.d.Key):
		w.Put(verdict.Host, 0)
		return
	case values.Clean(e.Name) == "":
		w.Exclude(verdict.NoName)
		return
	case w.prior.Key == "" && attendance.Participation{Ends: attendance.Ending(e.Start, e.End)}.Over(l.since):
		w.Exclude(verdict.EventOver)
		return
	}
	link := l.link(integration.Ref{Kind: integration.KindEvent, Key: w.d.Key})
	w.event = marketingEvent(l.account, e, link)
	w.print = carry.Fingerprint(eventVersion, w.d.Key, "", l.epoch, eventFields(w.event))
	if w.prior.Sent && carry.SameFingerprint(w.prior.Fingerprint, w.print) && !l.doubtful {
		w.end()
	}
}

// written settles an event that HubSpot has confirmed, under its record id.
func (w *eventWork) written(id string) {
	w.row.Sent, w.row.Fingerprint, w.row.HubSpotID = true, w.print, id
	w.end()
}

// rounds splits events into calls in which no two have one name, unless their
// records are known: HubSpot's reply has names and no keys.
func rounds(works []*eventWork) [][]*eventWork {
	var out [][]*eventWork
	seen := map[string]int{}
	for _, w := range works {
		round := 0
		if w.row.HubSpotID == "" {
			name := strings.ToLower(w.event.Name)
			round = seen[name]
			seen[name]++
		}
		if round == len(out) {
			out = append(out, nil)
		}
		out[round] = append(out[round], w)
	}
	return out
}

// lost reports that HubSpot no longer had the event that it was sent: with it
// went everybody who takes part, also if it has made the event anew since.
func (w *eventWork) lost() bool {
	switch {
	case w.Unknown || w.prior.Key == "":
		return false
	case w.prior.HubSpotID != "" && w.row.HubSpotID != w.prior.HubSpotID:
		return true
	}
	return w.prior.Sent && !w.row.Sent
}

// end settles an event that is as it should be.
func (w *eventWork) end() {
	switch {
	case !w.gone:
		w.Done("")
	case w.row.Sent:
		w.Done(verdict.EventGone)
	default:
		w.Exclude(verdict.EventGone)
	}
	w.Record.Gone = w.gone
}

func (w *eventWork) changed() bool {
	return w.row.Sent != w.prior.Sent || w.row.HubSpotID != w.prior.HubSpotID ||
		!bytes.Equal(w.row.Fingerprint, w.prior.Fingerprint)
}

// marketingEvent is what HubSpot is told of an event. It is never told that an
// event is completed: HubSpot would count everybody as a no-show who has not
// been said to be there, before the host has decided.
func marketingEvent(account string, e integration.Event, link string) hubspot.MarketingEvent {
	out := hubspot.MarketingEvent{
		AccountID: account, EventID: strings.ToLower(e.ID), Name: values.Clean(e.Name), Organizer: values.Clean(e.Organizer),
		Type: strings.ToUpper(values.Clean(e.Type)), Description: values.Clean(e.Description), URL: link,
		Start: e.Start.UTC(), End: e.End.UTC(), Cancelled: e.Cancelled,
	}
	if out.Organizer == "" {
		out.Organizer = organizer
	}
	return out
}

// eventFields are the values of an event for its fingerprint.
func eventFields(e hubspot.MarketingEvent) map[string]string {
	return map[string]string{
		"name": e.Name, "organizer": e.Organizer, "type": e.Type, "description": e.Description, "url": e.URL,
		"start": values.Datetime(e.Start), "end": values.Datetime(e.End), "cancelled": strconv.FormatBool(e.Cancelled),
	}
}
