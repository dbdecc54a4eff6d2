package notetext

import "github.com/memberpulse/hubspotplugin/integration"

// nameLimit is how much of a name a note shows.
const nameLimit = 1000

// wording is how a type of activity is told.
type wording struct {
	title string
	from  string // stands before the plan before
	on    string // stands before the day that counts
	link  string
}

func wordingOf(t integration.ActivityType) wording {
	const membership, event, course = "Open the membership", "Open the event", "Open the course"
	switch t {
	case integration.MembershipJoined:
		return wording{title: "Membership joined", on: "Until", link: membership}
	case integration.MembershipRenewed:
		return wording{title: "Membership renewed", on: "Now until", link: membership}
	case integration.MembershipUpgraded:
		return wording{title: "Membership upgraded", from: "Before", on: "From", link: membership}
	case integration.MembershipDowngradeScheduled:
		return wording{title: "Membership downgrade scheduled", from: "Until then", on: "From", link: membership}
	case integration.MembershipDowngraded:
		return wording{title: "Membership downgraded", from: "Before", on: "From", link: membership}
	case integration.MembershipEnded:
		return wording{title: "Membership cancelled", on: "Ends", link: membership}
	case integration.MembershipLapsed:
		return wording{title: "Membership expired", on: "Ended", link: membership}
	case integration.EventRegistered:
		return wording{title: "Registered for an event", on: "Takes place", link: event}
	case integration.EventAttended:
		return wording{title: "Attended an event", on: "Took place", link: event}
	case integration.EventNoShow:
		return wording{title: "Did not come to an event", on: "Took place", link: event}
	case integration.CourseEnrolled:
		return wording{title: "Enrolled in a course", on: "From", link: course}
	case integration.CourseCompleted:
		return wording{title: "Completed a course", on: "On", link: course}
	}
	return wording{title: "Activity", on: "On", from: "Before", link: "Open in MemberPulse"}
}

// Activity is the note of an activity.
func Activity(a integration.Activity, o Options) string {
	w := wordingOf(a.Type)
	p := &paper{o: o}
	p.raw("<p><strong>" + w.title + "</strong>")
	if a.Name != "" {
		p.raw(": ")
		p.text(a.Name, nameLimit)
	}
	p.raw("</p>")
	if a.From != "" && w.from != "" {
		p.raw("<p>" + w.from + ": ")
		p.text(a.From, nameLimit)
		p.raw("</p>")
	}
	if !a.On.IsZero() {
		p.raw("<p>" + w.on + ": " + day(a.On) + "</p>")
	}
	p.raw("<p>")
	p.moment(a.OccurredAt)
	p.raw("</p>")
	return p.end(w.link)
}
