// Package seed invents associations with members, the same ones for the same
// numbers, so that a demonstration can be repeated and a restart finds what is
// there.
package seed

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

// Config is what a [Seeder] writes with. DB must be the pool that the modules
// use. Now may be nil.
type Config struct {
	DB            *bun.DB
	Clients       *clients.Module
	Members       *members.Module
	Organizations *organizations.Module
	Events        *events.Module
	Courses       *courses.Module
	Tickets       *tickets.Module
	Now           func() time.Time
}

// Seeder writes clients with everything that they start with.
type Seeder struct{ Config }

// New returns a seeder.
func New(cfg Config) *Seeder {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Seeder{cfg}
}

// First makes sure that there are n clients, each new one with size members, and
// a platform admin, and returns the first n. Clients that exist keep what they
// have, whatever size says. Each client appears in one transaction.
func (s *Seeder) First(ctx context.Context, n, size int) ([]clients.Client, error) {
	admin := clients.User{ID: id("platform-admin"), Name: "Pat Platform", Role: integration.RolePlatformAdmin}
	err := s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return s.Clients.AddUsers(ctx, tx, []clients.User{admin})
	})
	if err != nil {
		return nil, err
	}
	all, err := s.Clients.List(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]clients.Client{}
	for _, c := range all {
		known[c.ID] = c
	}
	out := make([]clients.Client, 0, n)
	for i := range n {
		c := clientOf(i, s.Now())
		if old, ok := known[c.ID]; ok {
			out = append(out, old)
			continue
		}
		c.Seeded = size > 0
		if err := s.add(ctx, c, Members(i, size, s.Now())); err != nil {
			return nil, fmt.Errorf("seed: client %d: %w", i+1, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// MaxMembers bounds how many members a new client can start with.
const MaxMembers = 100_000

// Add makes one more client of this name with size invented members.
func (s *Seeder) Add(ctx context.Context, name string, size int) (clients.Client, error) {
	errs := map[string][]string{}
	if name == "" || len(name) > 200 {
		errs["name"] = []string{"A name of 1 to 200 characters is required."}
	}
	if size < 0 || size > MaxMembers {
		errs["members"] = []string{fmt.Sprintf("Say how many members to invent, 0 to %d.", MaxMembers)}
	}
	if len(errs) > 0 {
		return clients.Client{}, problem.Invalid(errs)
	}
	all, err := s.Clients.List(ctx)
	if err != nil {
		return clients.Client{}, err
	}
	const most = 1000
	if len(all) >= most {
		return clients.Client{}, &problem.Problem{Status: http.StatusConflict, Title: fmt.Sprintf("There are %d clients already.", most), Fix: "Start the host with -fresh."}
	}
	c := clients.Client{ID: uuid.NewString(), Name: name, TimeZone: "Australia/Sydney", Seeded: size > 0, CreatedAt: s.Now()}
	return c, s.add(ctx, c, membersOf(c.ID, len(all), size, s.Now()))
}

func (s *Seeder) add(ctx context.Context, c clients.Client, list []integration.Member) error {
	return s.DB.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := s.Clients.Add(ctx, tx, c, staff(c.ID)); err != nil {
			return err
		}
		if err := s.Members.AddPlans(ctx, tx, c.ID, plans(c.ID)); err != nil {
			return err
		}
		return s.furnish(ctx, tx, c.ID, list)
	})
}

// furnish writes members and what they belong to. The organizations come first:
// members refer to them.
func (s *Seeder) furnish(ctx context.Context, tx bun.Tx, clientID string, list []integration.Member) error {
	if len(list) == 0 {
		return nil
	}
	w := worldOf(clientID, list, s.Now())
	if err := s.Organizations.Add(ctx, tx, clientID, w.organizations); err != nil {
		return err
	}
	if err := s.Members.AddMembers(ctx, tx, clientID, list); err != nil {
		return err
	}
	if err := s.Events.Add(ctx, tx, clientID, w.events, w.registrations); err != nil {
		return err
	}
	if err := s.Courses.Add(ctx, tx, clientID, w.courses, w.enrollments); err != nil {
		return err
	}
	return s.Tickets.Add(ctx, tx, clientID, w.tickets)
}

func staff(clientID string) []clients.User {
	user := func(name string, role integration.Role) clients.User {
		return clients.User{ID: id(clientID, string(role)), ClientID: clientID, Name: name, Role: role}
	}
	return []clients.User{
		user("Alex Admin", integration.RoleClientAdmin),
		user("Uma User", integration.RoleClientUser),
		user("Morgan Member", integration.RoleMember),
	}
}

func plans(clientID string) []members.Plan {
	var out []members.Plan
	for i, name := range planNames() {
		out = append(out, members.Plan{ID: planID(clientID, name), Name: name, Position: i})
	}
	return out
}

func planNames() []string { return []string{"Student", "Associate", "Professional", "Fellow"} }

func planID(clientID, name string) string { return id(clientID, "plan", name) }

func clientOf(i int, now time.Time) clients.Client {
	list := associations()
	a := list[i%len(list)]
	if i >= len(list) {
		a.name = fmt.Sprintf("%s %d", a.name, i/len(list)+1)
	}
	// The offset keeps the order of clients that are made in the same moment.
	return clients.Client{ID: id("client", fmt.Sprint(i)), Name: a.name, TimeZone: a.zone, CreatedAt: now.Add(time.Duration(i) * time.Millisecond)}
}

// id derives a UUID from names: the same ones give the same id.
func id(parts ...string) string {
	text := "memberpulse reference host"
	for _, p := range parts {
		text += "\x00" + p
	}
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
}

// Today is the seeder's clock: the dates of invented members follow it.
func (s *Seeder) Today() time.Time { return s.Now() }
