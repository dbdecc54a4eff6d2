package crmsync

import (
	"strings"

	"github.com/memberpulse/hubspotplugin/hubspot"
)

// identityProperties are what a read asks for to tell whose record it is.
var identityProperties = []string{propEmail, propAdditionalEmails, propMemberID}

// verdict on a record that was found for a member.
type claim int

const (
	claimAdopt  claim = iota // it is this member's, or nobody's yet
	claimOthers              // it belongs to another member: a collision
)

// judge decides whose record it is. owner is the key that the record is
// linked to here, "" if none. A learnt link beats the property, and the
// property beats the email.
func judge(key string, rec hubspot.Record, owner string) claim {
	if owner != "" {
		if owner == key {
			return claimAdopt
		}
		return claimOthers
	}
	switch holder := strings.TrimSpace(rec.Properties[propMemberID]); {
	case holder == "", strings.EqualFold(holder, key):
		return claimAdopt
	default:
		return claimOthers
	}
}

// ours reports whether the record carries this member's id already.
func ours(key string, rec hubspot.Record) bool {
	return strings.EqualFold(strings.TrimSpace(rec.Properties[propMemberID]), key)
}

// holds reports whether the record has the address, as primary or secondary.
func holds(rec hubspot.Record, email string) bool {
	email = normalEmail(email)
	if email == "" {
		return false
	}
	if normalEmail(rec.Properties[propEmail]) == email {
		return true
	}
	for other := range strings.SplitSeq(rec.Properties[propAdditionalEmails], ";") {
		if normalEmail(other) == email {
			return true
		}
	}
	return false
}
