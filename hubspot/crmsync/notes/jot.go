package notes

import (
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// noteStep is what a note needs next.
type noteStep int

const (
	noteDone      noteStep = iota // outcome and record are set
	noteSeek                      // it may be in HubSpot: find out
	noteMake                      // it is not
	noteUpdate                    // it is, with another text
	noteAssociate                 // its text is right; it is not on the contact
	noteAccompany                 // it is on the contact, not on the company
	noteCheck                     // HubSpot says that it, or its contact, does not exist
	noteLeave                     // it is where it belongs, and still where it does not
	noteErase                     // it belongs nowhere, and never will
)

// jot is one note on its way through an outing.
type jot struct {
	d     outbox.Delivery
	who   string // the member, "" = nobody
	to    carry.Addressee
	fixed bool // once settled it never changes
	ended bool // the host has what it is about no more
	// write makes the text; with ref it ends with that reference.
	write func(ref string) string
	props map[string]string // of the note

	prior noteRow // as stored
	known string  // HubSpot's id of the note, as the host was told
	row   noteRow // as it shall be stored
	print []byte  // of the text that is wanted

	step      noteStep
	onContact bool // confirmed to be on to.contact
	onCompany bool
	why       verdict.Code // it shall be nowhere, for this reason
	waits     bool         // it shall be nowhere until its member has a contact
	fresh     bool         // HubSpot is known not to have it
	forget    bool         // that is still so: no row is needed
	tried     bool         // HubSpot was asked to write it, and has not answered
	unknown   bool         // it may have been written
	stale     bool         // the member's contact is not what its link says
	outcome   outbox.Outcome
	record    ledger.Record
}

// plan decides what the note needs, at now. It is pure.
func (j *jot) plan(now time.Time, doubtful bool) {
	j.row = j.prior
	j.row.Key, j.row.MemberID = j.d.Key, nil
	if j.who != "" {
		j.row.MemberID = &j.who
	}
	j.fresh = j.prior.State == "" || j.prior.State == noteNone
	if j.prior.State == noteSettled {
		j.onContact = slices.Contains(j.prior.ContactIDs, j.to.Contact)
		j.onCompany = slices.Contains(j.prior.CompanyIDs, j.to.Company.ID)
	}
	if !j.prior.Lost {
		j.known = j.prior.NoteID
	}
	late := now.Sub(j.d.RecordedAt) > carry.AwaitContact
	if late {
		j.to.Company.Waits = ""
	}
	switch {
	case j.ended && j.prior.NoteID != "" && !j.prior.Lost:
		j.done(verdict.TicketDeleted)
		j.record.Gone = true
	case j.ended:
		j.exclude(verdict.TicketDeleted)
		j.record.Gone = true
	case j.fixed && j.prior.State == noteSettled && j.prior.Lost:
		j.exclude(verdict.NoteDeleted)
	case j.fixed && j.prior.State == noteSettled:
		j.row, j.outcome = j.prior, outbox.Delivered() // the same activity, recorded twice
	case j.who == "":
		j.nowhere(verdict.NotMember)
	case j.to.Waits && late:
		j.nowhere(verdict.NoContact)
	case j.to.Waits, j.to.Silent:
		j.standBy()
	case j.to.Why != "":
		j.nowhere(j.to.Why)
	case j.prior.NoteID == "" && j.fresh:
		j.step = noteMake
	case j.prior.NoteID == "":
		j.step = noteSeek
	case j.fixed && j.prior.Fingerprint != nil:
		j.arrive()
	case doubtful || j.prior.Lost || !carry.SameFingerprint(j.prior.Fingerprint, j.print):
		j.step = noteUpdate
	default:
		j.arrive()
	}
}

// standBy has the note wait for its member's contact. A ticket's does not stay
// with the member whose it was before.
func (j *jot) standBy() {
	j.waits, j.to.Contact, j.to.Company = true, "", carry.Companion{}
	switch {
	case j.fixed, j.fresh:
		j.await()
	case j.prior.NoteID != "":
		j.arrive()
	default:
		j.step = noteSeek
	}
}

// await ends a note whose member has no contact yet, as far as is known.
func (j *jot) await() {
	if j.to.Silent {
		j.Put(verdict.Host, 0)
		return
	}
	j.wait(kinds.Member, j.who, verdict.AwaitsContact)
}

// nowhere takes the note away from where it is: it has no place any more.
func (j *jot) nowhere(why verdict.Code) {
	j.why, j.to.Contact, j.to.Company = why, "", carry.Companion{}
	switch {
	case j.prior.NoteID != "":
		j.arrive()
	case j.fresh:
		j.exclude(why)
	default:
		j.step = noteSeek
	}
}

// absent notes that HubSpot does not have the note.
func (j *jot) absent() {
	j.fresh, j.row.ContactIDs, j.row.CompanyIDs = true, nil, nil
	switch {
	case j.waits:
		j.forget = true
		j.await()
	case j.why != "":
		j.forget = true
		j.exclude(j.why)
	default:
		j.step = noteMake
	}
}

// found notes HubSpot's id of the note.
func (j *jot) found(id string) {
	j.row.NoteID, j.row.State = id, noteWritten
	j.tried, j.unknown, j.fresh = false, false, false
}

// written notes that HubSpot has the text that is wanted.
func (j *jot) written() {
	j.row.Fingerprint, j.row.Lost = j.print, false
	j.tried, j.unknown = false, false
}

// arrive goes on with a note whose text is right: it must be where it belongs,
// and nowhere else.
func (j *jot) arrive() {
	switch {
	case j.why != "" && j.fixed:
		j.step = noteErase
	case j.to.Contact != "" && !j.onContact:
		j.step = noteAssociate
	case j.to.Company.ID != "" && !j.onCompany:
		j.step = noteAccompany
	case len(j.strayContacts())+len(j.strayCompanies()) > 0:
		j.step = noteLeave
	default:
		j.settle()
	}
}

func (j *jot) strayContacts() []string { return without(j.row.ContactIDs, j.to.Contact) }

func (j *jot) strayCompanies() []string { return without(j.row.CompanyIDs, j.to.Company.ID) }

func without(ids []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == one })
}

// settle ends a note that is as it should be.
func (j *jot) settle() {
	if j.waits {
		j.row.State = noteWritten
		j.await()
		return
	}
	if j.to.Company.Waits != "" {
		j.row.State = noteWritten
		j.wait(kinds.Organization, j.to.Company.Waits, verdict.AwaitsCompany)
		return
	}
	j.row.State = noteSettled
	if j.why != "" {
		j.exclude(j.why)
		return
	}
	j.done("")
}

func (j *jot) done(c verdict.Code) {
	j.step, j.outcome = noteDone, outbox.Delivered()
	j.record = ledger.Record{Status: integration.SyncSynced, Code: c}
}

func (j *jot) exclude(c verdict.Code) {
	j.step, j.outcome = noteDone, outbox.Discard(string(c))
	j.record = ledger.Record{Status: integration.SyncExcluded, Code: c}
}

// gone notes that somebody deleted the note in HubSpot.
func (j *jot) gone() {
	j.row.Lost, j.row.Fingerprint = true, nil
	j.tried, j.unknown = false, false
	if j.fixed {
		j.row.State = noteSettled
	}
	j.exclude(verdict.NoteDeleted)
}

func (j *jot) wait(kind, key string, c verdict.Code) {
	j.step, j.outcome = noteDone, outbox.Wait(kind, key, string(c))
	j.record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// Trying implements [line].
func (j *jot) Trying() { j.tried = j.writes() }

// writes reports whether the note's step changes what it says.
func (j *jot) writes() bool { return j.step == noteMake || j.step == noteUpdate }

// Put implements [line].
func (j *jot) Put(c verdict.Code, after time.Duration) {
	j.step, j.outcome = noteDone, outbox.Retry(verdict.ClassTransient, string(c), after)
	j.record = ledger.Record{Status: integration.SyncPending, Code: c}
}

// Fail implements [line].
func (j *jot) Fail(f verdict.Failure) {
	if f.Code == verdict.Unconfirmed {
		f.Code = verdict.NoteUnsure
	}
	j.unknown = j.unknown || f.Unknown && j.writes()
	j.step, j.outcome = noteDone, f.Outcome()
	j.record = ledger.Record{Status: integration.SyncPending, Code: f.Code, Properties: f.Properties, OtherID: f.OtherID,
		Detail: f.Detail, Correlation: f.Correlation}
	if f.Hold {
		j.record.Status = integration.SyncFailed
	}
}

// displaced notes that the contact is not there any more, or is another one by
// now: its member is sent again, which finds out, and the note follows.
func (j *jot) displaced() {
	j.stale = true
	j.Put(verdict.AwaitsContact, carry.StaleRetry)
}

// finish gives a note that is still under way an outcome: it waits with its
// tenant, or is tried again.
func (j *jot) finish(stop *verdict.Failure) {
	switch {
	case j.step == noteDone:
	case stop != nil:
		j.unknown = j.unknown || j.tried && stop.Unknown && j.writes()
		j.step, j.outcome, j.record = noteDone, outbox.Snooze(), ledger.Record{}
	default:
		j.Put(verdict.NoteUnsure, 0)
	}
	switch {
	case j.row.NoteID != "" && j.unknown:
		j.row.Fingerprint = nil
	case j.row.NoteID == "" && j.fresh && !j.unknown:
		j.forget = true
		j.keep()
	}
}

// keep remembers a ticket that has no note, for its member has no contact: it is
// sent when the member gets one. An activity is not told late.
func (j *jot) keep() {
	if !j.homeless() {
		return
	}
	j.row = noteRow{Key: j.d.Key, MemberID: &j.who, State: noteNone}
	j.forget = false
}

// homeless reports whether the note of a member's ticket, made or not, has been
// left without a place until the member gets a contact.
func (j *jot) homeless() bool {
	return !j.fixed && j.who != "" && j.why != "" && j.outcome.Verdict == outbox.VerdictDiscard
}

// crmID is what the host shall know the note by, "" if there is none any more.
func (j *jot) crmID() string {
	if j.row.Lost {
		return ""
	}
	return j.row.NoteID
}

// wanted are the properties of the note in HubSpot.
func (j *jot) wanted(keyed bool) map[string]string {
	out := map[string]string{propNoteTime: j.props[propNoteTime], propNoteBody: j.props[propNoteBody]}
	if keyed {
		out[propNoteID] = j.d.Key
	}
	return out
}

// stay lists, before a call, what the note may be on after it. It reports
// whether the row must be stored for that.
func (j *jot) stay(keyed bool) bool {
	before := j.row
	if j.to.Contact != "" {
		j.row.ContactIDs = values.Union(j.row.ContactIDs, []string{j.to.Contact})
	}
	if j.to.Company.ID != "" {
		j.row.CompanyIDs = values.Union(j.row.CompanyIDs, []string{j.to.Company.ID})
	}
	switch {
	case j.row.NoteID != "":
		j.row.State = noteWritten
		return !sameNote(before, j.row)
	case keyed:
		j.row.State = noteKeyed
	default:
		j.row.State = noteUnkeyed
	}
	return true // also to say when
}

func sameNote(a, b noteRow) bool {
	return sameMember(a.MemberID, b.MemberID) && a.State == b.State && a.NoteID == b.NoteID && a.Lost == b.Lost && slices.Equal(a.ContactIDs, b.ContactIDs) &&
		slices.Equal(a.CompanyIDs, b.CompanyIDs) && slices.Equal(a.Fingerprint, b.Fingerprint)
}

func sameMember(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// input is the note's line in a create.
func (j *jot) input() hubspot.CreateInput {
	return hubspot.CreateInput{Properties: j.wanted(false), Associations: []hubspot.InlineAssociation{
		{ToID: j.to.Contact, Types: []hubspot.AssociationType{hubspot.Defined(hubspot.TypeNoteToContact)}},
	}}
}
