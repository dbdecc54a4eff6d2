package integration

import (
	"encoding/json"
	"fmt"
)

// Kind is a kind of thing that a host can record a change of.
type Kind string

// The kinds of the contract. Members, organizations, tickets and events are
// state: their current form is read when it is sent. An activity is a fact: it
// is recorded with what happened.
const (
	KindMember       Kind = "member"
	KindOrganization Kind = "organization"
	KindTicket       Kind = "ticket"
	KindEvent        Kind = "event"
	KindActivity     Kind = "activity"
)

// Kinds of things that only links lead to.
const (
	KindCourse     Kind = "course"
	KindMembership Kind = "membership"
)

// Ref names one entity of one tenant.
type Ref struct {
	Kind Kind
	Key  string // the host's UUID, in text form
}

// String returns "kind:key".
func (r Ref) String() string { return string(r.Kind) + ":" + r.Key }

// Change says that something about an entity changed. For a state it carries
// no values: the plugin reads the current state when it sends it, so that an
// old value cannot overwrite a newer one and no personal data waits in a queue.
type Change struct {
	ClientID string // tenant, a UUID
	Ref      Ref
	// Subject is the member or organization that the change acts on, if that
	// is not the entity itself. Changes of one subject are sent in order.
	Subject string
	// Fact is what happened, for KindActivity only: at most 2 kB of JSON.
	Fact json.RawMessage

	err error // what was wrong with the activity
}

// MemberChanged is the change of a member: created, updated or deleted, or any
// of its memberships, registrations or enrollments, or its organization.
func MemberChanged(clientID, memberID string) Change {
	return Change{ClientID: clientID, Ref: Ref{Kind: KindMember, Key: memberID}}
}

// OrganizationChanged is the change of an organization: created, updated or
// deleted. Who belongs to it is its members' change.
func OrganizationChanged(clientID, organizationID string) Change {
	return Change{ClientID: clientID, Ref: Ref{Kind: KindOrganization, Key: organizationID}}
}

// TicketChanged is the change of a support ticket: opened, answered, its status
// or its member changed. memberID is who asked, "" if nobody of the members.
func TicketChanged(clientID, ticketID, memberID string) Change {
	return Change{ClientID: clientID, Ref: Ref{Kind: KindTicket, Key: ticketID}, Subject: memberID}
}

// EventChanged is the change of an event itself: its name, its time, its
// cancellation. Who registers is a change of the member.
func EventChanged(clientID, eventID string) Change {
	return Change{ClientID: clientID, Ref: Ref{Kind: KindEvent, Key: eventID}}
}

// ActivityHappened is the record of an activity. A mistake in it is reported
// when it is recorded, by [Change.Validate].
func ActivityHappened(clientID string, a Activity) Change {
	c := Change{ClientID: clientID, Ref: Ref{Kind: KindActivity, Key: a.ID}, Subject: a.MemberID}
	if c.Fact, c.err = a.Fact(); c.err != nil {
		c.Fact = nil
	}
	return c
}

// Validate reports a programmer's mistake: a tenant or key that is not a UUID,
// a state with a fact, an activity without one.
func (c Change) Validate() error {
	if c.err != nil {
		return c.err
	}
	if !ValidUUID(c.ClientID) {
		return fmt.Errorf("integration: change of %s: client id is not a UUID", c.Ref.Kind)
	}
	if c.Ref.Kind == "" {
		return fmt.Errorf("integration: change without a kind")
	}
	if !ValidUUID(c.Ref.Key) {
		return fmt.Errorf("integration: change of %s: key is not a UUID", c.Ref.Kind)
	}
	if c.Subject != "" && !ValidUUID(c.Subject) {
		return fmt.Errorf("integration: change of %s: subject is not a UUID", c.Ref)
	}
	if (c.Ref.Kind == KindActivity) != (len(c.Fact) > 0) {
		return fmt.Errorf("integration: change of %s: an activity carries a fact, a state does not", c.Ref)
	}
	return nil
}

// ValidUUID reports whether s is a UUID in the lower-case text form
// xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, the form in which PostgreSQL prints it.
// Other spellings of the same UUID are refused: they would be another key.
func ValidUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
