package words

import (
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// Nouns are how an admin calls what a type of sync record is about.
type Nouns struct {
	contact, contacts string // the record in HubSpot
	member, members   string // the entity here
	Other             string // the other record that a record names
}

// NounsOf are those of a type of sync record, a contact's for any other.
func NounsOf(entity string) Nouns {
	switch entity {
	case kinds.EntityCompany:
		return Nouns{"company", "companies", "organization", "organizations", "other company"}
	case kinds.EntityEvent:
		return Nouns{"marketing event", "marketing events", "event", "events", "other event"}
	case kinds.EntityAttendance:
		return Nouns{"attendance", "attendance", "member", "members", "contact"}
	case kinds.EntityCustomEvent:
		return Nouns{"custom event", "custom events", "activity", "activities", "contact"}
	case kinds.EntityAssociation:
		return Nouns{"association", "associations", "member", "members", "company"}
	case kinds.EntityActivity:
		return Nouns{"note", "notes", "activity", "activities", "other note"}
	case kinds.EntityNote:
		return Nouns{"note", "notes", "ticket", "tickets", "other note"}
	}
	return Nouns{"contact", "contacts", "member", "members", "other contact"}
}

// lookUp finds the words of a code, with their nouns still in braces. What a
// type says of its own comes first.
func lookUp(c verdict.Code, entity string) (Told, bool) {
	own := map[string]map[verdict.Code]Told{kinds.EntityCompany: companySaying, kinds.EntityAssociation: associationSaying,
		kinds.EntityActivity: activitySaying, kinds.EntityNote: sayingOfNotes,
		kinds.EntityEvent: sayingOfEvents, kinds.EntityAttendance: sayingOfEvents, kinds.EntityCustomEvent: sayingOfEvents}[entity]
	for _, table := range []map[verdict.Code]Told{own, saying, validation, sayingOfNotes, sayingOfEvents} {
		if t, ok := table[c]; ok {
			return t, true
		}
	}
	return Told{}, false
}

// Tell returns the words of a code about a type of sync record, "" = all of the
// tenant. names are the properties or scopes concerned, by HubSpot's names.
func Tell(c verdict.Code, entity string, names []string) Told {
	t, ok := lookUp(c, entity)
	if !ok {
		t = Told{"HubSpot refused a value", "HubSpot calls it " + string(c) + ".", "Correct the {member}'s value or HubSpot's rule for the property, then press Retry.", "retry"}
	}
	n := NounsOf(entity)
	r := strings.NewReplacer("{contact}", n.contact, "{contacts}", n.contacts, "{member}", n.member, "{members}", n.members)
	t.Title, t.Meaning, t.Fix = r.Replace(t.Title), r.Replace(t.Meaning), r.Replace(t.Fix)
	if len(names) > 0 && !(c == verdict.InvalidEmail && slices.Equal(names, []string{values.PropEmail})) {
		t.Title += ": " + strings.Join(names, ", ")
	}
	return t
}

// companySaying is what codes mean about organizations and companies, where
// that is not what they mean about members.
var companySaying = map[verdict.Code]Told{
	verdict.MemberDeleted: {"No longer an organization", "The organization was deleted here. The company is kept, and its organization status says so.", "Nothing.", ""},
	verdict.Archived: {"Archived", "The organization was deleted here, and its company, which MemberPulse had created, was archived in HubSpot.",
		"Nothing. HubSpot keeps it in its recycle bin for 90 days.", ""},
	verdict.Collision: {"This company belongs to another organization", "HubSpot's company carries the ID of another organization of MemberPulse. Nothing was written, so that no data is mixed.",
		"Look at the company in HubSpot: its property MemberPulse organization ID says whose it is. Then press Retry.", "retry"},
	verdict.Merged: {"Two organizations, one company", "Somebody merged the companies of two organizations in HubSpot. The other organization keeps the company; this one is frozen and nothing is written for it.",
		"If they are one organization, delete one of them here. If they are two, create a company for this one in HubSpot, enter this organization's ID there as MemberPulse organization ID, then press Retry.", "retry"},
	verdict.MatchSearch: {"Looking for its company", "Before a company is created, HubSpot is searched for one of this name or domain.", "Nothing. It goes on within seconds.", ""},
	verdict.MatchNeeded: {"Which company is this?", "HubSpot has companies of this name or domain. Nothing is created or changed until you have said whether one of them is this organization.",
		"Open the matching page and choose the company, or choose to create a new one.", "match"},
}

// associationSaying is what codes mean about the association of a member's
// contact with its organization's company.
var associationSaying = map[verdict.Code]Told{
	verdict.Labelled: {"A person's label keeps an association", "The member has left the organization, but somebody in HubSpot has put a label on the association of the contact with its company. It is left as it is, with its label.",
		"If the contact no longer belongs to that company, remove the association or its label in HubSpot, then press Retry.", "retry"},
	verdict.NoCompany: {"No company yet", "The member's organization has no company in HubSpot: it is still on its way, waits to be matched, or is left out.",
		"Nothing. The association follows by itself when the company is there; the organization's own record says what it waits for.", ""},
	verdict.InvalidPair: {"HubSpot does not know the contact or the company", "HubSpot says that one of the two records does not exist. Both were looked at again and found.",
		"Open both in HubSpot. If they are there, press Retry.", "retry"},
}
