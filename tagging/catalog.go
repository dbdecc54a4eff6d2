package tagging

import "slices"

// Tag is one entry of the catalog.
type Tag struct {
	Slug    string // its name everywhere, for ever
	Label   string // its name for people
	Family  Family
	Meaning string // one sentence
	Order   int    // place in the catalog, from 1
}

// Family is a group of tags that a tenant targets together.
type Family string

// The families.
const (
	FamilyMembership Family = "membership"
	FamilyEvent      Family = "event"
	FamilyCourse     Family = "course"
)

// The slugs.
const (
	MembershipActive             = "membership-active"
	MembershipExpiring           = "membership-expiring"
	MembershipExpired            = "membership-expired"
	MembershipUpgraded           = "membership-upgraded"
	MembershipDowngradeScheduled = "membership-downgrade-scheduled"
	EventRegistered              = "event-registered"
	EventAttended                = "event-attended"
	EventNoShow                  = "event-no-show"
	CourseEnrolled               = "course-enrolled"
	CourseCompleted              = "course-completed"
)

var catalog = [...]Tag{
	{MembershipActive, "Membership active", FamilyMembership, "The current membership is active.", 1},
	{MembershipExpiring, "Membership expiring", FamilyMembership, "The current membership expires soon.", 2},
	{MembershipExpired, "Membership expired", FamilyMembership, "The current membership has expired.", 3},
	{MembershipUpgraded, "Membership upgraded", FamilyMembership, "The current membership moved up to a higher plan and has not been renewed since.", 4},
	{MembershipDowngradeScheduled, "Downgrade scheduled", FamilyMembership, "A move to a lower plan is scheduled for the current membership.", 5},
	{EventRegistered, "Event registered", FamilyEvent, "The member is registered for at least one event where attendance is not decided yet.", 6},
	{EventAttended, "Event attended", FamilyEvent, "The member came to at least one event.", 7},
	{EventNoShow, "Event no-show", FamilyEvent, "The member was registered for at least one event and did not come.", 8},
	{CourseEnrolled, "Course enrolled", FamilyCourse, "The member is enrolled in at least one course that is not completed yet.", 9},
	{CourseCompleted, "Course completed", FamilyCourse, "The member has completed at least one course.", 10},
}

// Catalog returns all tags in their order. It is the same in every process of a
// release; there are no others.
func Catalog() []Tag { return slices.Clone(catalog[:]) }

// Find returns the tag with the slug.
func Find(slug string) (Tag, bool) {
	for _, t := range catalog {
		if t.Slug == slug {
			return t, true
		}
	}
	return Tag{}, false
}

// Families returns the families in their order.
func Families() []Family { return []Family{FamilyMembership, FamilyEvent, FamilyCourse} }
