package integration

import (
	"context"
	"database/sql"
	"time"
)

// TagChange is a tag that a person applies to a member, or takes away, by hand.
type TagChange struct {
	MemberID   string
	Tag        string // a slug of the catalog; nothing else is accepted
	Applied    bool
	Cause      string // why, in the person's words; at most 200 characters
	By         string // user id
	OccurredAt time.Time
}

// TagCount is one line of a [TagBoard].
type TagCount struct {
	Tag      string `json:"tag"`
	Label    string `json:"label"`
	Family   string `json:"family"` // "membership", "event" or "course"
	Should   int    `json:"should"` // members who should have it
	Sent     int    `json:"sent"`   // members who have it in the CRM, by its own word
	Waiting  int    `json:"waiting"`
	Property string `json:"property"`       // where it is written
	List     string `json:"list,omitempty"` // "", "active" or "static"
	// LastChange is when it was last applied or removed for anybody.
	LastChange *time.Time `json:"lastChange,omitempty"`
}

// TagGate says whether tags that held before the tenant began to send tags may
// go out. Sending them can start workflows for everybody at once.
type TagGate struct {
	// Open: nothing is held back, or there was nothing to hold.
	Open bool `json:"open"`
	// Ready: everybody has been looked at, so that the counts are final.
	Ready bool `json:"ready"`
	// Reason is "first-sync" or "refill" (a property was lost, or is another one).
	Reason string `json:"reason,omitempty"`
	// Gains counts members who gain a tag on confirmation, by slug. History
	// counts those that ended before the connection, sent only on request.
	Gains   map[string]int `json:"gains"`
	History map[string]int `json:"history"`
	Members int            `json:"members"` // who gain at least one
}

// TagBoard is the state of all tags of a tenant.
type TagBoard struct {
	On   bool       `json:"on"`
	Tags []TagCount `json:"tags"`
	Gate TagGate    `json:"gate"`
	// Recipes say how to start something in the CRM by a tag, in the catalog's
	// order; several for a tag that offers several ways.
	Recipes []Recipe `json:"recipes,omitempty"`
}

// Recipe tells a person what to set in the CRM, step by step, and what the CRM
// will not do all the same.
type Recipe struct {
	Tag    string   `json:"tag"`
	Title  string   `json:"title"`
	Steps  []string `json:"steps"`
	Limits []string `json:"limits"`
}

// MemberTag is a tag of one member.
type MemberTag struct {
	Tag    string     `json:"tag"`
	Label  string     `json:"label"`
	Since  *time.Time `json:"since,omitempty"`
	LastAt *time.Time `json:"lastAt,omitempty"`
	Cause  string     `json:"cause,omitempty"`
	// Sent: the CRM has it. Held: it waits for the admin's confirmation.
	Sent   bool `json:"sent"`
	Held   bool `json:"held"`
	ByHand bool `json:"byHand"`
}

// Tagger is a plugin that sends a fixed catalog of tags.
type Tagger interface {
	TagBoard(ctx context.Context, clientID string) (TagBoard, error)
	// ConfirmTags opens the gate within tx; history also sends what ended
	// before the connection. A [Conflict] if the counts are not final yet.
	ConfirmTags(ctx context.Context, tx *sql.Tx, clientID string, history bool) error
	// MemberTags lists the tags of one member, of the catalog's order.
	MemberTags(ctx context.Context, clientID, memberID string) ([]MemberTag, error)
	// SetTag applies or removes a tag by hand within tx, with its record of the
	// change. The newest OccurredAt of rules and hands wins.
	SetTag(ctx context.Context, tx *sql.Tx, clientID string, c TagChange) error
}
