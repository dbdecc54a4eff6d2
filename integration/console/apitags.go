package console

import (
	"github.com/memberpulse/hubspotplugin/integration"
)

func (c *Console) apiTags(k *call) (reply, error) {
	b, err := c.tagBoard(k)
	return reply{body: newBoardDoc(b)}, err
}

// newBoardDoc is a board whose lists are never null.
func newBoardDoc(b integration.TagBoard) integration.TagBoard {
	b.Tags = append([]integration.TagCount{}, b.Tags...)
	if b.Gate.Gains == nil {
		b.Gate.Gains = map[string]int{}
	}
	if b.Gate.History == nil {
		b.Gate.History = map[string]int{}
	}
	return b
}

// apiConfirmTags reads {"history": true}; left out, or without a body, it is
// false.
func (c *Console) apiConfirmTags(k *call) (reply, error) {
	members, err := c.readMembers(k)
	if err != nil {
		return reply{}, err
	}
	errs := integration.FieldErrors{}
	onlyMembers(members, errs, "", "history")
	history := false
	if raw, ok := members["history"]; ok {
		if history, ok = truth(raw); !ok {
			errs.Add("history", "This is either true or false.")
		}
	}
	if len(errs) > 0 {
		return reply{}, refusedFields(errs, "The confirmation cannot be accepted.", "Correct what is named and send it again.")
	}
	if err := c.confirmTags(k, history); err != nil {
		return reply{}, err
	}
	b, err := c.tagBoard(k)
	if err != nil { // confirmed it is
		return reply{body: map[string]bool{"confirmed": true}}, nil
	}
	return reply{body: newBoardDoc(b)}, nil
}

// memberDoc is the tags of one member.
type memberDoc struct {
	MemberID string                  `json:"memberId"`
	Tags     []integration.MemberTag `json:"tags"`
}

func (c *Console) apiMemberTags(k *call) (reply, error) {
	id := k.r.PathValue("member")
	tags, err := c.memberTags(k, id)
	return reply{body: memberDoc{id, append([]integration.MemberTag{}, tags...)}}, err
}

// tagDoc is what was done to a tag.
type tagDoc struct {
	MemberID string `json:"memberId"`
	Tag      string `json:"tag"`
	Applied  bool   `json:"applied"`
}

// apiSetTag reads {"applied": true, "cause": "..."}; both must be there.
func (c *Console) apiSetTag(k *call) (reply, error) {
	members, err := c.readMembers(k)
	if err != nil {
		return reply{}, err
	}
	errs := integration.FieldErrors{}
	onlyMembers(members, errs, "", "applied", "cause")
	applied, ok := false, false
	if raw, sent := members["applied"]; sent {
		applied, ok = truth(raw)
	}
	if !ok {
		errs.Add("applied", "Say true to apply the tag, false to remove it.")
	}
	cause := ""
	if _, sent := members["cause"]; sent {
		cause = said(members, "cause", "", errs)
	}
	if len(errs) > 0 {
		return reply{}, refusedTag(errs)
	}
	doc := tagDoc{k.r.PathValue("member"), k.r.PathValue("tag"), applied}
	return reply{body: doc}, c.setTag(k, doc.MemberID, doc.Tag, applied, cause)
}
