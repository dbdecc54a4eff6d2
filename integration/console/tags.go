package console

import (
	"database/sql"
	"regexp"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// maxCause is how many characters the cause of a tag by hand may have.
const maxCause = 200

var tagName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

// tagBoard tells the state of all tags of the tenant.
func (c *Console) tagBoard(k *call) (integration.TagBoard, error) {
	b, err := k.plugin.(integration.Tagger).TagBoard(k.ctx(), k.tenant())
	return b, inStore(err)
}

// confirmTags lets tags go out that held before the tenant began to send any.
func (c *Console) confirmTags(k *call, history bool) error {
	changes := one("tags", "confirmed")
	if history {
		changes = one("tags", "confirmed, with what ended before the connection")
	}
	return c.inTx(k.ctx(), c.audit(k, "update", changes), func(tx *sql.Tx) error {
		return k.plugin.(integration.Tagger).ConfirmTags(k.ctx(), tx, k.tenant(), history)
	})
}

// memberTags lists the tags of one member of the tenant.
func (c *Console) memberTags(k *call, memberID string) ([]integration.MemberTag, error) {
	if !integration.ValidUUID(memberID) {
		return nil, missing()
	}
	tags, err := k.plugin.(integration.Tagger).MemberTags(k.ctx(), k.tenant(), memberID)
	return tags, inStore(err)
}

// setTag applies a tag by hand, or takes it away, with who did it and why. The
// moment is ours, so that nobody can overrule what is yet to happen.
func (c *Console) setTag(k *call, memberID, tag string, applied bool, cause string) error {
	before, err := c.memberTags(k, memberID) // also: is there such a member
	if err != nil {
		return err
	}
	if !tagName.MatchString(tag) {
		return missing()
	}
	cause = strings.TrimSpace(cause)
	errs := integration.FieldErrors{}
	switch {
	case cause == "":
		errs.Add("cause", "Say why, in a few words: it is kept with the change.")
	case !typed(cause, maxCause):
		errs.Add("cause", "This is longer than 200 characters or contains some that cannot be typed.")
	}
	if len(errs) > 0 {
		return refusedTag(errs)
	}
	change := integration.TagChange{MemberID: memberID, Tag: tag, Applied: applied, Cause: cause, By: k.who.UserID, OccurredAt: c.cfg.Now().UTC()}
	had := slices.ContainsFunc(before, func(t integration.MemberTag) bool { return t.Tag == tag })
	record := c.audit(k, "update", map[string]integration.AuditChange{
		"member": {New: memberID}, "tag." + tag: {Old: appliedWord(had), New: appliedWord(applied)}, "cause": {New: cause},
	})
	return refusedTag(c.inTx(k.ctx(), record, func(tx *sql.Tx) error {
		return k.plugin.(integration.Tagger).SetTag(k.ctx(), tx, k.tenant(), change)
	}))
}

func refusedTag(err error) error {
	return refusedFields(err, "The tag was not changed.", "Correct what is named and try again.")
}

func appliedWord(applied bool) string {
	if applied {
		return "applied"
	}
	return "removed"
}
