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

// holder returns the other one whose record it is, "" if it is the key's or
// nobody's yet. owner is the key that the record is linked to here, "" if none.
// A learnt link beats the property, and the property beats the email.
func (r *road) holder(key string, rec hubspot.Record, owner string) string {
	if owner == "" {
		owner = strings.ToLower(strings.TrimSpace(rec.Properties[r.idProperty]))
	}
	if strings.EqualFold(owner, key) {
		return ""
	}
	return owner
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
