package integration

import (
	"encoding/json"
	"fmt"
)

// Kind is a kind of thing that a host can record a change of.
type Kind string

// The kinds of the contract. Members, organizations and tickets are state:
// their current form is read when it is sent. An activity is a fact: it is
// recorded with what happened.
const (
	KindMember       Kind = "member"
	KindOrganization Kind = "organization"
	KindTicket       Kind = "ticket"
	KindActivity     Kind = "activity"
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
}

// MemberChanged is the change of a member: created, updated or deleted, or any
// of its memberships.
func MemberChanged(clientID, memberID string) Change {
	return Change{ClientID: clientID, Ref: Ref{Kind: KindMember, Key: memberID}}
}

// Validate reports a programmer's mistake: a tenant or key that is not a UUID,
// a state with a fact, an activity without one.
func (c Change) Validate() error {
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
