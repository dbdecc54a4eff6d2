package crmsync

import (
	"fmt"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
)

// sentence is the first line of the page: how things stand and, if anything is
// wrong, what to do. It is pure.
func sentence(f facts) string {
	switch {
	case !f.connected:
		return "Not connected. Enter the Portal ID and the key of your HubSpot account to begin."
	case f.paused:
		return fmt.Sprintf("Paused. %s and sent when you resume.", kept(f.pending, f.capped))
	case f.parked != "" && f.resumes.IsZero():
		t := words.Tell(f.parked, "", f.names)
		return "Stopped: " + words.LowerFirst(t.Title) + ". " + t.Fix
	case f.parked != "":
		t := words.Tell(f.parked, "", nil)
		return fmt.Sprintf("Delayed: %s, oldest %s. %s; it goes on by itself at %s.",
			waiting(f.pending, f.capped), age(f.oldest), t.Title, f.resumes.UTC().Format("15:04:05 UTC"))
	case !f.anything:
		return "Connected, but Sync Contacts is off: nothing is sent."
	case f.running && f.total == 0:
		return f.run + ": getting ready."
	case f.running:
		return fmt.Sprintf("%s: %d of %d %s done.", f.run, f.done, f.total, f.over)
	case f.pending > 0 && f.oldest > lateAfter:
		return fmt.Sprintf("Behind: %s, oldest %s.", waiting(f.pending, f.capped), age(f.oldest))
	case len(f.needs) > 0 && f.pending > 0:
		return fmt.Sprintf("Live. %s; %s.", needed(f.needs, f.members), underway(f.pending, f.capped))
	case len(f.needs) == 1 && f.needs[0].entity == "":
		return fmt.Sprintf("Live, but %s: see below. Contacts and tags go on without.", needed(f.needs, f.members))
	case len(f.needs) > 0 && f.undecided > 0:
		return fmt.Sprintf("Live. %s; %s to be matched.", needed(f.needs, f.members), words.Counted(f.undecided, "organization waits", "organizations wait"))
	case len(f.needs) > 0:
		return fmt.Sprintf("Live. %s; every other change is in HubSpot.", needed(f.needs, f.members))
	case f.unwritable == 1:
		return "Live, but 1 property cannot be written: see below. Everything else is sent."
	case f.unwritable > 0:
		return fmt.Sprintf("Live, but %d properties cannot be written: see below. Everything else is sent.", f.unwritable)
	case f.undecided == 1:
		return "Live. 1 organization waits until you say which company it is; everything else is sent."
	case f.undecided > 0:
		return fmt.Sprintf("Live. %d organizations wait until you say which companies they are; everything else is sent.", f.undecided)
	case f.pending > 0:
		return "Live. " + upperFirst(underway(f.pending, f.capped)) + "."
	default:
		return "Live. Every change is in HubSpot."
	}
}

func waiting(n int, capped bool) string {
	switch {
	case capped:
		return fmt.Sprintf("more than %d changes waiting", n)
	case n == 1:
		return "1 change waiting"
	default:
		return fmt.Sprintf("%d changes waiting", n)
	}
}

func kept(n int, capped bool) string {
	if n == 0 {
		return "Nothing waits; changes are kept"
	}
	return upperFirst(waiting(n, capped)) + ", kept"
}

func underway(n int, capped bool) string {
	switch {
	case capped:
		return fmt.Sprintf("more than %d changes are on their way", n)
	case n == 1:
		return "1 change is on its way"
	default:
		return fmt.Sprintf("%d changes are on their way", n)
	}
}

// age is a duration in the largest fitting unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
