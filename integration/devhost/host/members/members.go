// Package members is the reference host's module of members, plans and
// memberships. It shows how a module of MemberPulse works with integrations:
// each write happens in one transaction that first changes the row and then
// records the change.
package members

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Recorder is where the module records its changes. An error rolls the
// member's change back: the two commit together or not at all.
type Recorder interface {
	Record(ctx context.Context, tx bun.Tx, changes ...integration.Change) error
}

// Module reads and writes members. Every method takes the id of the client that
// the caller has authorised, and sees nothing of any other. Failures that a
// person can mend come back as [*problem.Problem].
type Module struct {
	db  *bun.DB
	rec Recorder
	now func() time.Time
}

// New returns the module. now is the clock; nil means time.Now.
func New(db *bun.DB, rec Recorder, now func() time.Time) *Module {
	if now == nil {
		now = time.Now
	}
	return &Module{db: db, rec: rec, now: now}
}

// Profile is a member as the host shows it.
type Profile struct {
	integration.Member
	UpdatedAt time.Time
}

// Plan is what a client sells.
type Plan struct {
	ID       string
	Name     string
	Position int // order on pages
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
