package notes_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/notes"
)

func TestPlanOfANote(t *testing.T) {
	t.Parallel()
	linked := notes.Addressee{Contact: "11"}
	settled := notes.NoteState{State: "settled", ID: "90", Contacts: []string{"11"}, Right: true}
	for name, c := range map[string]struct {
		note notes.NoteCase
		want string
	}{
		"first":                                  {notes.NoteCase{Who: "m", To: linked}, "make"},
		"of nobody":                              {notes.NoteCase{}, "discard not-a-member"},
		"left out":                               {notes.NoteCase{Who: "m", To: notes.Addressee{Why: "member-pending"}}, "discard member-pending"},
		"the host is silent":                     {notes.NoteCase{Who: "m", To: notes.Addressee{Silent: true}}, "retry host"},
		"no contact yet":                         {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}}, "wait awaits-contact"},
		"no contact for 31 days":                 {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}, Age: 31 * 24 * time.Hour}, "discard no-contact"},
		"asked for, by key":                      {notes.NoteCase{Who: "m", To: linked, Is: notes.NoteState{State: "keyed", Contacts: []string{"11"}}}, "seek"},
		"asked for, without key":                 {notes.NoteCase{Who: "m", To: linked, Is: notes.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "seek"},
		"asked for, and of nobody by now":        {notes.NoteCase{Is: notes.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "seek"},
		"an activity that is told":               {notes.NoteCase{Who: "m", To: linked, Fixed: true, Is: settled}, "delivered"},
		"an activity that is told, in doubt":     {notes.NoteCase{Who: "m", To: linked, Fixed: true, Doubt: true, Is: settled}, "delivered"},
		"an activity whose note was deleted":     {notes.NoteCase{Who: "m", To: linked, Fixed: true, Is: notes.NoteState{State: "settled", ID: "90", Lost: true}}, "discard note-deleted"},
		"an activity that got half way":          {notes.NoteCase{Who: "m", To: linked, Fixed: true, Is: notes.NoteState{State: "written", ID: "90", Contacts: []string{"11"}, Right: true}}, "associate"},
		"an activity whose contact went":         {notes.NoteCase{Who: "m", To: notes.Addressee{Why: "deleted-in-hubspot"}, Fixed: true, Is: notes.NoteState{State: "written", ID: "90", Contacts: []string{"11"}, Right: true}}, "erase"},
		"a ticket as it was":                     {notes.NoteCase{Who: "m", To: linked, Is: settled}, "delivered"},
		"a ticket as it was, in doubt":           {notes.NoteCase{Who: "m", To: linked, Doubt: true, Is: settled}, "update"},
		"a ticket that changed":                  {notes.NoteCase{Who: "m", To: linked, Is: notes.NoteState{State: "settled", ID: "90", Contacts: []string{"11"}}}, "update"},
		"a ticket that moved":                    {notes.NoteCase{Who: "m", To: notes.Addressee{Contact: "12"}, Is: settled}, "associate"},
		"a ticket that is nobody's":              {notes.NoteCase{Is: settled}, "leave"},
		"a ticket whose note was deleted":        {notes.NoteCase{Who: "m", To: linked, Is: notes.NoteState{State: "settled", ID: "90", Lost: true, Contacts: []string{"11"}}}, "update"},
		"a ticket that is gone":                  {notes.NoteCase{Who: "m", To: linked, Ended: true, Is: settled}, "delivered ticket-deleted"},
		"a ticket that is gone, without a note":  {notes.NoteCase{Ended: true}, "discard ticket-deleted"},
		"on the contact, not on the company":     {notes.NoteCase{Who: "m", To: notes.Addressee{Contact: "11", Company: "50"}, Is: settled}, "accompany"},
		"on the contact, the company comes":      {notes.NoteCase{Who: "m", To: notes.Addressee{Contact: "11", CompanyWaits: "o"}, Is: settled}, "wait awaits-company"},
		"the company does not come in a month":   {notes.NoteCase{Who: "m", To: notes.Addressee{Contact: "11", CompanyWaits: "o"}, Age: 31 * 24 * time.Hour, Is: settled}, "delivered"},
		"a ticket that waits for its new member": {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}, Is: settled}, "leave"},
		"its new member, the host is silent":     {notes.NoteCase{Who: "m", To: notes.Addressee{Silent: true}, Is: settled}, "leave"},
		"it has left, and the host is silent":    {notes.NoteCase{Who: "m", To: notes.Addressee{Silent: true}, Is: notes.NoteState{State: "written", ID: "90", Right: true}}, "retry host"},
		"an activity half way, a silent host":    {notes.NoteCase{Who: "m", To: notes.Addressee{Silent: true}, Fixed: true, Is: notes.NoteState{State: "written", ID: "90", Contacts: []string{"11"}, Right: true}}, "retry host"},
		"it has left the old one, and waits":     {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}, Is: notes.NoteState{State: "written", ID: "90", Right: true}}, "wait awaits-contact"},
		"given away before its note is known":    {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}, Is: notes.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "seek"},
		"an activity waits where it is":          {notes.NoteCase{Who: "m", To: notes.Addressee{Waits: true}, Fixed: true, Is: notes.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "wait awaits-contact"},
		"its member has a contact at last":       {notes.NoteCase{Who: "m", To: linked, Is: notes.NoteState{State: "none"}}, "make"},
	} {
		if got := notes.PlanNote(c.note); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
