package crmsync_test

import (
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
)

func TestPlanOfANote(t *testing.T) {
	t.Parallel()
	linked := crmsync.Addressee{Contact: "11"}
	settled := crmsync.NoteState{State: "settled", ID: "90", Contacts: []string{"11"}, Right: true}
	for name, c := range map[string]struct {
		note crmsync.NoteCase
		want string
	}{
		"first":                                  {crmsync.NoteCase{Who: "m", To: linked}, "make"},
		"of nobody":                              {crmsync.NoteCase{}, "discard not-a-member"},
		"left out":                               {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Why: "member-pending"}}, "discard member-pending"},
		"the host is silent":                     {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Silent: true}}, "retry host"},
		"no contact yet":                         {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Waits: true}}, "wait awaits-contact"},
		"no contact for 31 days":                 {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Waits: true}, Age: 31 * 24 * time.Hour}, "discard no-contact"},
		"asked for, by key":                      {crmsync.NoteCase{Who: "m", To: linked, Is: crmsync.NoteState{State: "keyed", Contacts: []string{"11"}}}, "seek"},
		"asked for, without key":                 {crmsync.NoteCase{Who: "m", To: linked, Is: crmsync.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "seek"},
		"asked for, and of nobody by now":        {crmsync.NoteCase{Is: crmsync.NoteState{State: "unkeyed", Contacts: []string{"11"}}}, "seek"},
		"an activity that is told":               {crmsync.NoteCase{Who: "m", To: linked, Fixed: true, Is: settled}, "delivered"},
		"an activity that is told, in doubt":     {crmsync.NoteCase{Who: "m", To: linked, Fixed: true, Doubt: true, Is: settled}, "delivered"},
		"an activity whose note was deleted":     {crmsync.NoteCase{Who: "m", To: linked, Fixed: true, Is: crmsync.NoteState{State: "settled", ID: "90", Lost: true}}, "discard note-deleted"},
		"an activity that got half way":          {crmsync.NoteCase{Who: "m", To: linked, Fixed: true, Is: crmsync.NoteState{State: "written", ID: "90", Contacts: []string{"11"}, Right: true}}, "associate"},
		"an activity whose contact went":         {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Why: "deleted-in-hubspot"}, Fixed: true, Is: crmsync.NoteState{State: "written", ID: "90", Contacts: []string{"11"}, Right: true}}, "erase"},
		"a ticket as it was":                     {crmsync.NoteCase{Who: "m", To: linked, Is: settled}, "delivered"},
		"a ticket as it was, in doubt":           {crmsync.NoteCase{Who: "m", To: linked, Doubt: true, Is: settled}, "update"},
		"a ticket that changed":                  {crmsync.NoteCase{Who: "m", To: linked, Is: crmsync.NoteState{State: "settled", ID: "90", Contacts: []string{"11"}}}, "update"},
		"a ticket that moved":                    {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Contact: "12"}, Is: settled}, "associate"},
		"a ticket that is nobody's":              {crmsync.NoteCase{Is: settled}, "leave"},
		"a ticket whose note was deleted":        {crmsync.NoteCase{Who: "m", To: linked, Is: crmsync.NoteState{State: "settled", ID: "90", Lost: true, Contacts: []string{"11"}}}, "update"},
		"a ticket that is gone":                  {crmsync.NoteCase{Who: "m", To: linked, Ended: true, Is: settled}, "delivered ticket-deleted"},
		"a ticket that is gone, without a note":  {crmsync.NoteCase{Ended: true}, "discard ticket-deleted"},
		"on the contact, not on the company":     {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Contact: "11", Company: "50"}, Is: settled}, "accompany"},
		"on the contact, the company comes":      {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Contact: "11", CompanyWaits: "o"}, Is: settled}, "wait awaits-company"},
		"the company does not come in a month":   {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Contact: "11", CompanyWaits: "o"}, Age: 31 * 24 * time.Hour, Is: settled}, "delivered"},
		"a ticket that waits for its new member": {crmsync.NoteCase{Who: "m", To: crmsync.Addressee{Waits: true}, Is: settled}, "wait awaits-contact"},
	} {
		if got := crmsync.PlanNote(c.note); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
