package crmsync

import (
	"maps"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/sharedvalue"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// step is what a member needs next.
type step int

const (
	stepDone    step = iota // settled; outcome and record are set
	stepFind                // unlinked: find out whether HubSpot has a contact of it
	stepUpdate              // write to link.HubSpotID
	stepCreate              // upsert by the member id
	stepLost                // linked, and HubSpot says that it has no such record
	stepArchive             // gone from the host: put it into HubSpot's recycle bin
)

// work is one member or organization on its way through a pass.
type work struct {
	road  *road
	d     outbox.Delivery
	link  ledger.Link // zero HubSpotID = unlinked
	prior ledger.Link // as stored before the pass
	// former is the link to a record that we have archived, of one that is back, or
	// that of the predecessor whose record is taken over.
	former      ledger.Link
	predecessor string
	who         subject
	tags        tagPlan
	gone        bool

	// What the record shall hold: by the property map, blank fields with "", and
	// what comes beside it, as it is.
	fields     propertymap.Map
	values     map[string]string
	extra      map[string]string
	holdsEmail bool // the record was found by the address, which it has
	// What is known of the record: the properties that HubSpot was asked for and
	// what it answered, and what a call of unknown fate may have left there.
	asked       []string
	present     map[string]string
	unconfirmed []string
	// What is written to it, and why.
	decision propertymap.Decision
	props    map[string]string

	step      step
	tried     bool         // HubSpot has been asked to write it in this pass
	announced bool         // prior.Sent and the stored list were widened for a call
	sent      []string     // prior.Sent before that
	why       verdict.Code // left out, unless HubSpot turns out to have its contact
	sought    bool         // HubSpot has been asked whether it has its contact
	raced     bool         // its upsert met a contact that holds its address
	existing  string       // that contact's id, if HubSpot named it
	outcome   outbox.Outcome
	record    ledger.Record // what the sync record shall say; empty status = leave it as it is
	unknown   bool          // HubSpot may or may not have written it
	written   bool          // HubSpot's reply confirms it

	// Of the customer's properties that hold our tags: a call of ours may have
	// rewritten them without our seeing the end; the record whose history was
	// looked at, the version from which on that counts, what is written instead,
	// and whether that was confirmed.
	doubt    bool
	lookedAt string
	base     map[string]sharedvalue.Version
	rewrite  map[string]string
	repaired bool
	noEmail  *verdict.Failure // HubSpot refuses the address; the rest is written without it
}

// epoch is what decides, beside the values, whether something must be sent
// again: see connection.epoch.
type epoch struct {
	n int64
	// doubtful reports keys whose last call was not settled.
	doubtful func(outbox.Delivery) bool
	// unconfirmed are keys without a link for which HubSpot may have a contact all
	// the same, with the properties that we may have filled.
	unconfirmed map[string][]string
}

// plan decides, from what is stored and what the host answered, what each
// delivery needs. It is pure: no clock, no I/O.
func (r *road) plan(l lens, deliveries []outbox.Delivery, links map[string]ledger.Link, loaded map[string]integration.Loaded, e epoch) []*work {
	works := make([]*work, len(deliveries))
	emails := map[string]*work{}
	for i, d := range deliveries {
		w := &work{road: r, d: d, link: links[d.Key], prior: links[d.Key]}
		w.doubt = e.doubtful(d) || w.link.HubSpotID != "" && w.link.Fingerprint == nil
		works[i] = w
		answer, ok := loaded[d.Key]
		switch {
		case !ok, answer.Err != nil, !answer.Gone && answer.Entity == nil:
			w.retry(verdict.Host)
			continue
		case answer.Gone:
			w.planGone(l, e)
			continue
		}
		who, ok := r.describe(l, answer.Entity)
		if !ok {
			w.hold(verdict.UnknownValue, "")
			continue
		}
		if !strings.EqualFold(who.key, d.Key) {
			w.retry(verdict.Host) // of another one: no answer about this one
			continue
		}
		w.who = who
		if who.invalid != nil {
			w.hold(verdict.UnknownValue, who.invalid.Error())
			continue
		}
		w.back()
		if first := emails[who.address]; first != nil && who.address != "" {
			w.hold(verdict.SharedEmail, "")
			w.record.OtherID = first.link.HubSpotID
			continue
		}
		w.planEntity(l, e)
		if w.step != stepDone || w.link.HubSpotID != "" {
			emails[who.address] = w // one that is left out keeps no address
		}
	}
	return works
}

func (w *work) planEntity(l lens, e epoch) {
	if w.link.HubSpotID == "" {
		names, maybe := e.unconfirmed[w.d.Key]
		w.why = w.who.excluded
		if w.why != "" && !maybe {
			w.exclude(w.why)
			return
		}
		w.unconfirmed = names
		w.fill(l, names)
		w.step = stepFind
		return
	}
	w.fill(l, w.link.Sent)
	w.planWrite(e)
}

// fill sets the values of the record's one write, tags and their facts with
// them.
func (w *work) fill(l lens, sent []string) {
	w.fields, w.extra = l.fields, map[string]string{}
	if w.gone {
		maps.Copy(w.extra, w.road.gone)
		w.extra[w.road.idProperty] = w.d.Key // in a merged record it may be another one's by now
	} else {
		w.values = w.who.values.Of
		maps.Copy(w.extra, w.road.present)
	}
	if w.road.kind == kinds.Member {
		w.tags = planTags(l.options, l.gate, w.who.states, l.tags[w.d.Key], w.d.RecordedAt)
		w.tags.write(l.options, w.extra, sent, l.link)
	}
	maps.DeleteFunc(w.extra, func(name, _ string) bool { return l.parked[name] })
}

// planGone writes the status of a member that has left the host to the contact
// that it has; the contact itself is kept.
func (w *work) planGone(l lens, e epoch) {
	w.gone = true
	w.fill(l, w.link.Sent)
	if w.archives(l, e) {
		return
	}
	if w.link.HubSpotID == "" {
		// A reply may have been lost: HubSpot can have a contact that we do not know of.
		w.unconfirmed = e.unconfirmed[w.d.Key]
		w.step = stepFind
		return
	}
	w.planWrite(e)
}

func (w *work) planWrite(e epoch) {
	if w.link.Lost && !e.doubtful(w.d) && w.gone {
		w.done(verdict.MemberDeleted)
		return
	}
	if carry.SameFingerprint(w.link.Fingerprint, w.print(e.n)) && !w.link.Lost && !e.doubtful(w.d) {
		w.succeed()
		return
	}
	w.step = stepUpdate
}

func (w *work) print(epoch int64) []byte {
	return carry.Fingerprint(w.fields.Version(), w.d.Key, w.link.HubSpotID, epoch, w.desired())
}

// adopt links the member to a record and makes it due for an update there.
func (w *work) adopt(id string, createdHere bool) {
	w.link = ledger.Link{Key: w.d.Key, HubSpotID: id, CreatedHere: createdHere}
	if id == w.former.HubSpotID { // it was not archived after all, or somebody has restored it
		w.link.CreatedHere, w.link.Sent = w.former.CreatedHere, w.former.Sent
	}
	w.step = stepUpdate
}

// input is the member's line in an update call.
func (w *work) update() hubspot.Input {
	props := w.props
	if len(w.rewrite) > 0 {
		props = maps.Clone(w.props)
		maps.Copy(props, w.rewrite)
	}
	return hubspot.Input{ID: w.link.HubSpotID, Properties: props}
}

// create is the member's line in an upsert call.
func (w *work) create() hubspot.Input { return hubspot.Input{ID: w.d.Key, Properties: w.props} }

// confirmed notes that HubSpot's reply names this record as written.
func (w *work) confirmed(id string, created bool, epoch int64) {
	if w.link.HubSpotID == "" {
		w.link = ledger.Link{Key: w.d.Key, CreatedHere: created}
	}
	w.link.HubSpotID = id
	w.link.Lost = false
	w.unknown = false
	w.link.Fingerprint = w.print(epoch)
	w.link.Sent = w.left()
	w.written = true
	w.succeed()
	if w.noEmail != nil {
		f := *w.noEmail
		f.Unknown = false
		w.Fail(f)
	}
}

func (w *work) succeed() {
	switch {
	case w.gone:
		w.done(verdict.MemberDeleted)
	case w.road.email && w.who.address == "":
		w.done(verdict.EmailKept)
	case len(w.who.values.Left) > 0:
		w.done(verdict.FieldLeft)
		for _, l := range w.who.values.Left {
			w.record.Properties = append(w.record.Properties, l.Property)
		}
	default:
		w.done("")
	}
}

func (w *work) done(c verdict.Code) {
	w.step = stepDone
	w.outcome = outbox.Delivered()
	w.record = ledger.Record{Status: integration.SyncSynced, Code: c, Gone: w.gone}
}

func (w *work) exclude(c verdict.Code) {
	w.step = stepDone
	w.outcome = outbox.Discard(string(c))
	w.record = ledger.Record{Status: integration.SyncExcluded, Code: c, Gone: w.gone}
}

func (w *work) hold(c verdict.Code, detail string) {
	w.step = stepDone
	w.outcome = outbox.Hold(verdict.ClassRecord, string(c))
	// Not gone, even if the host has it no more: who waits for a person is counted.
	w.record = ledger.Record{Status: integration.SyncFailed, Code: c, Detail: detail}
}

func (w *work) retry(c verdict.Code) {
	w.step = stepDone
	w.outcome = outbox.Retry(verdict.ClassTransient, string(c), 0)
	w.record = ledger.Record{Status: integration.SyncPending, Code: c, Gone: w.gone}
}

func (w *work) Trying() { w.tried = true }

func (w *work) Put(c verdict.Code, after time.Duration) {
	w.retry(c)
	w.outcome = outbox.Retry(verdict.ClassTransient, string(c), after)
}

// Fail settles the member with what HubSpot's refusal of it means.
func (w *work) Fail(f verdict.Failure) {
	w.step = stepDone
	w.unknown = w.unknown || f.Unknown
	w.outcome = f.Outcome()
	w.record = ledger.Record{Status: integration.SyncPending, Code: f.Code, Detail: f.Detail, Gone: w.gone,
		Properties: f.Properties, OtherID: f.OtherID, Correlation: f.Correlation}
	if f.Hold {
		w.record.Status, w.record.Gone = integration.SyncFailed, false
	}
}

// collide freezes the member: nothing is written until an admin decides.
func (w *work) collide(c verdict.Code, otherID string) {
	if w.gone { // nothing is left to decide: the contact is somebody else's
		w.exclude(verdict.MemberDeleted)
		w.link = w.prior
		return
	}
	w.hold(c, "")
	w.record.OtherID = otherID
	w.link = w.prior
}
