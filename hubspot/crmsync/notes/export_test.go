package notes

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Addressee is an addressee in plain values.
type Addressee struct {
	Contact, Company, CompanyWaits, Why string
	Waits, Silent                       bool
}

func (a Addressee) addressee() carry.Addressee {
	return carry.Addressee{Contact: a.Contact, Why: verdict.Code(a.Why), Waits: a.Waits, Silent: a.Silent, Company: carry.Companion{ID: a.Company, Waits: a.CompanyWaits}}
}

// NoteState is what is stored of a note. Right says that its text is the one
// that is wanted.
type NoteState struct {
	State, ID   string
	Contacts    []string
	Lost, Right bool
}

// NoteCase is a note before its plan.
type NoteCase struct {
	Who                 string
	To                  Addressee
	Fixed, Ended, Doubt bool
	Age                 time.Duration
	Is                  NoteState
}

// PlanNote tells what a note needs, in a word or two.
func PlanNote(c NoteCase) string {
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	j := &jot{who: c.Who, to: c.To.addressee(), fixed: c.Fixed, ended: c.Ended, print: []byte{1}, d: outbox.Delivery{Key: "k", RecordedAt: now.Add(-c.Age)},
		prior: noteRow{State: c.Is.State, NoteID: c.Is.ID, ContactIDs: c.Is.Contacts, Lost: c.Is.Lost}}
	if c.Is.Right {
		j.prior.Fingerprint = []byte{1}
	}
	j.plan(now, c.Doubt)
	if step := map[noteStep]string{noteSeek: "seek", noteMake: "make", noteUpdate: "update", noteAssociate: "associate", noteAccompany: "accompany",
		noteLeave: "leave", noteErase: "erase"}[j.step]; step != "" {
		return step
	}
	out := j.outcome.Verdict.String()
	if j.record.Code != "" {
		out += " " + string(j.record.Code)
	}
	return out
}
