package crmsync

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/values"
)

// identity are the properties that a read asks for to tell whose record it is.
func (r *road) identity() []string {
	if r.email {
		return []string{values.PropEmail, values.PropAdditionalEmails, r.idProperty}
	}
	return []string{r.idProperty}
}

// verdict on a record that was found for a member.
type claim int

const (
	claimAdopt  claim = iota // it is this member's, or nobody's yet
	claimOthers              // it belongs to another member: a collision
)

// judge decides whose record it is. owner is the key that the record is
// linked to here, "" if none. A learnt link beats the property, and the
// property beats the email.
func (r *road) judge(key string, rec hubspot.Record, owner string) claim {
	if owner != "" {
		if owner == key {
			return claimAdopt
		}
		return claimOthers
	}
	switch holder := strings.TrimSpace(rec.Properties[r.idProperty]); {
	case holder == "", strings.EqualFold(holder, key):
		return claimAdopt
	default:
		return claimOthers
	}
}

// ours reports whether the record carries this member's id already.
func (r *road) ours(key string, rec hubspot.Record) bool {
	return strings.EqualFold(strings.TrimSpace(rec.Properties[r.idProperty]), key)
}

// holds reports whether the record has the address, as primary or secondary.
func holds(rec hubspot.Record, email string) bool {
	email = values.NormalEmail(email)
	if email == "" {
		return false
	}
	if values.NormalEmail(rec.Properties[values.PropEmail]) == email {
		return true
	}
	for other := range strings.SplitSeq(rec.Properties[values.PropAdditionalEmails], ";") {
		if values.NormalEmail(other) == email {
			return true
		}
	}
	return false
}
