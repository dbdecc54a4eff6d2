// Package members is the reference host's module of members, plans and
// memberships. It shows how a module of MemberPulse works with integrations:
// each write happens in one transaction that first changes the row and then
// records the change.
package members

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
)

// Module reads and writes members. Every method takes the id of the client that
// the caller has authorised, and sees nothing of any other. Failures that a
// person can mend come back as [*problem.Problem].
type Module struct {
	db  *bun.DB
	rec *journal.Journal
	now func() time.Time
}

// New returns the module. now is the clock; nil means time.Now.
func New(db *bun.DB, rec journal.Recorder, now func() time.Time) *Module {
	if now == nil {
		now = time.Now
	}
	return &Module{db: db, rec: journal.New(rec), now: now}
}

// Profile is a member as the host shows it.
type Profile struct {
	integration.Member        // without registrations and enrollments: other modules keep them
	CRMID              string // set by the integration alone
	UpdatedAt          time.Time
}

// Plan is what a client sells.
type Plan struct {
	ID       string
	Name     string
	Position int // order on pages
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// moment is now as PostgreSQL keeps it.
func (m *Module) moment() time.Time { return m.now().UTC().Truncate(time.Microsecond) }
