package integration

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Activity is something that happened: a fact that never changes afterwards.
// It is recorded in the transaction in which it happens, and told once.
type Activity struct {
	// ID is the activity's own UUID, its idempotency key: recording one ID twice
	// tells it once.
	ID   string
	Type ActivityType
	// MemberID is whose activity it is, "" if of nobody who is a member.
	MemberID   string
	OccurredAt time.Time
	// Name is the plan's, event's or course's name at that time; From the plan
	// before, of an upgrade or downgrade.
	Name string
	From string
	// About is what it is about, for a link: an event, a course, a membership.
	About Ref
	// On is the day that counts: the new end of a renewed membership, the day
	// of a scheduled downgrade, the day of the event. Zero: none.
	On Date
}

// ActivityType is the kind of an activity.
type ActivityType string

// The activity types.
const (
	MembershipJoined             ActivityType = "membership-joined"
	MembershipRenewed            ActivityType = "membership-renewed"
	MembershipUpgraded           ActivityType = "membership-upgraded"
	MembershipDowngradeScheduled ActivityType = "membership-downgrade-scheduled"
	MembershipDowngraded         ActivityType = "membership-downgraded"
	MembershipEnded              ActivityType = "membership-cancelled"
	MembershipLapsed             ActivityType = "membership-expired"
	EventRegistered              ActivityType = "event-registered"
	EventAttended                ActivityType = "event-attended"
	EventNoShow                  ActivityType = "event-no-show"
	CourseEnrolled               ActivityType = "course-enrolled"
	CourseCompleted              ActivityType = "course-completed"
)

// ActivityTypes lists the types in the order in which pages show them.
func ActivityTypes() []ActivityType {
	return []ActivityType{MembershipJoined, MembershipRenewed, MembershipUpgraded, MembershipDowngradeScheduled, MembershipDowngraded,
		MembershipEnded, MembershipLapsed, EventRegistered, EventAttended, EventNoShow, CourseEnrolled, CourseCompleted}
}

// MaxFact is the largest fact, in bytes of JSON.
const MaxFact = 2048

// factVersion is in every fact, so that a later release can read what an
// earlier one has recorded.
const factVersion = 1

type fact struct {
	Version    int          `json:"v"`
	Type       ActivityType `json:"type"`
	MemberID   string       `json:"memberId,omitempty"`
	OccurredAt time.Time    `json:"occurredAt"`
	Name       string       `json:"name,omitempty"`
	From       string       `json:"from,omitempty"`
	AboutKind  Kind         `json:"aboutKind,omitempty"`
	AboutKey   string       `json:"aboutKey,omitempty"`
	On         string       `json:"on,omitempty"`
}

// longestName is how much of a name a fact carries, in characters: enough to
// recognise it, and two of them stay below MaxFact whatever they are made of.
const longestName = 140

// Fact is the activity in the form in which it is recorded. Names are cut to
// 140 characters. It reports a mistake of the programmer: an unknown type, no
// time, an ID that is no UUID.
func (a Activity) Fact() (json.RawMessage, error) {
	if err := a.validate(); err != nil {
		return nil, err
	}
	return json.Marshal(fact{Version: factVersion, Type: a.Type, MemberID: a.MemberID, OccurredAt: a.OccurredAt.UTC(),
		Name: cut(a.Name, longestName), From: cut(a.From, longestName), AboutKind: a.About.Kind, AboutKey: a.About.Key, On: a.On.String()})
}

// ParseFact reads an activity as Fact wrote it, in this release or an earlier
// one.
func ParseFact(id string, raw json.RawMessage) (Activity, error) {
	var f fact
	if err := json.Unmarshal(raw, &f); err != nil {
		return Activity{}, errors.New("integration: a fact is not the JSON that was recorded")
	}
	if f.Version != factVersion {
		return Activity{}, fmt.Errorf("integration: a fact of version %d; this release reads version %d", f.Version, factVersion)
	}
	a := Activity{ID: id, Type: f.Type, MemberID: f.MemberID, OccurredAt: f.OccurredAt, Name: f.Name, From: f.From,
		About: Ref{Kind: f.AboutKind, Key: f.AboutKey}}
	if f.On != "" {
		on, err := ParseDate(f.On)
		if err != nil {
			return Activity{}, errors.New("integration: a fact has a day that cannot be read")
		}
		a.On = on
	}
	return a, a.validate()
}

func (a Activity) validate() error {
	known := false
	for _, t := range ActivityTypes() {
		known = known || t == a.Type
	}
	switch {
	case !known:
		return fmt.Errorf("integration: activity type %q is not known", string(a.Type))
	case !ValidUUID(a.ID):
		return fmt.Errorf("integration: activity %s: id is not a UUID", a.Type)
	case a.MemberID != "" && !ValidUUID(a.MemberID):
		return fmt.Errorf("integration: activity %s: member id is not a UUID", a.Type)
	case a.About.Key != "" && !ValidUUID(a.About.Key):
		return fmt.Errorf("integration: activity %s: what it is about is not a UUID", a.Type)
	case a.OccurredAt.IsZero():
		return fmt.Errorf("integration: activity %s: no time", a.Type)
	}
	return nil
}

func cut(s string, runes int) string {
	n := 0
	for i := range s {
		if n == runes {
			return s[:i]
		}
		n++
	}
	return s
}
