package crmsync

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// lateAfter is the age of the oldest unsent change from which a tenant is
// behind.
const lateAfter = 2 * time.Minute

// facts are what a tenant's health is judged by.
type facts struct {
	connected, paused bool
	anything          bool // any part that sends by itself is on
	contacts          bool

	parked  verdict.Code // "" = sending
	resumes time.Time
	names   []string // properties or scopes of the trouble

	pending int
	capped  bool
	oldest  time.Duration
	needs   []need
	members int
	// undecided organizations wait until an admin says which company they are.
	undecided int
	// unwritable properties are parked: what belongs in them is not sent.
	unwritable int

	running     bool
	run         string // what it is for
	over        string // what it walks over, in the plural
	done, total int
}

// health is one word for the facts. It is pure.
func health(f facts) integration.Health {
	switch {
	case !f.connected, f.paused:
		return integration.HealthOff
	case f.parked != "" && f.resumes.IsZero():
		return integration.HealthFailing
	case f.parked == verdict.Busy:
		return integration.HealthOK // our share of these seconds is used up: normal under load
	case f.parked != "", len(f.needs) > 0, f.unwritable > 0, f.pending > 0 && f.oldest > lateAfter && !f.running:
		return integration.HealthDegraded
	default:
		return integration.HealthOK
	}
}

// syncStatus is the word of the host's other diagnostics for a health.
func syncStatus(connected bool, h integration.Health) string {
	switch {
	case !connected:
		return "disconnected"
	case h == integration.HealthOK:
		return "healthy"
	case h == integration.HealthOff:
		return "paused"
	default:
		return string(h)
	}
}
