package console_test

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func acmeBoard() integration.TagBoard {
	last := noon.Add(-3 * time.Hour)
	return integration.TagBoard{On: true,
		Tags: []integration.TagCount{
			{Tag: "membership-active", Label: "Membership <active>", Family: "membership", Should: 1412, Sent: 1000, Waiting: 412, Property: "mp_tags", List: "active", LastChange: &last},
			{Tag: "event-attended", Label: "Event attended", Family: "event", Should: 30, Sent: 30, Property: "event_tags"},
			{Tag: "course-completed", Label: "Course completed", Family: "course", Should: 7, Sent: 0, Waiting: 7},
		},
		Gate: integration.TagGate{Ready: true, Reason: "first-sync", Gains: map[string]int{"membership-active": 412}, History: map[string]int{"course-completed": 7}, Members: 412}}
}

func acmeMember() []integration.MemberTag {
	since, last := noon.Add(-48*time.Hour), noon.Add(-time.Hour)
	return []integration.MemberTag{
		{Tag: "membership-active", Label: "Membership <active>", Since: &since, LastAt: &last, Cause: "renewed <early>", Sent: true},
		{Tag: "event-attended", Label: "Event attended", ByHand: true, Held: true},
	}
}

func (v *vendor) TagBoard(_ context.Context, clientID string) (integration.TagBoard, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.boards[clientID], v.boardErr
}

func (v *vendor) ConfirmTags(_ context.Context, _ *sql.Tx, clientID string, history bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	b := v.boards[clientID]
	if v.tagErr != nil {
		return v.tagErr
	}
	if !b.Gate.Ready {
		return &integration.Error{Kind: integration.Conflict, Title: "Not everybody has been looked at.", Detail: "The numbers are not final.", Fix: "Wait for the first sync."}
	}
	b.Gate = integration.TagGate{Open: true, Ready: true}
	v.l.stage(func() {
		v.change(func() {
			v.boards[clientID] = b
			v.asked = append(v.asked, history)
		})
	})
	return nil
}

func (v *vendor) MemberTags(_ context.Context, clientID, memberID string) ([]integration.MemberTag, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	tags, ok := v.member[memberID]
	if clientID != tenantA || !ok {
		return nil, integration.ErrNotFound
	}
	return tags, nil
}

func (v *vendor) SetTag(_ context.Context, _ *sql.Tx, clientID string, c integration.TagChange) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tagErr != nil {
		return v.tagErr
	}
	if !slices.ContainsFunc(v.boards[clientID].Tags, func(t integration.TagCount) bool { return t.Tag == c.Tag }) {
		return integration.FieldErrors{"tag": {"There is no such tag."}}
	}
	v.l.stage(func() { v.change(func() { v.hands = append(v.hands, c) }) })
	return nil
}

func (v *vendor) confirmations() []bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.asked)
}

func (v *vendor) byHand() []integration.TagChange {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.hands)
}
