// Package organizations is the reference host's module of organizations: group
// and corporate memberships, with the members who belong to them.
package organizations

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Organization is an organization as the host shows it.
type Organization struct {
	integration.Organization
	UpdatedAt time.Time

	planID string
}

// Module reads and writes organizations. Every method takes the id of the client
// that the caller has authorised, and sees nothing of any other.
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

// Create adds an organization.
func (m *Module) Create(ctx context.Context, clientID string, v check.Values) (Organization, error) {
	var out Organization
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		o, err := m.apply(ctx, tx, clientID, Organization{Organization: integration.Organization{ID: uuid.Must(uuid.NewV7()).String()}}, v)
		if err != nil {
			return err
		}
		row := rowOf(clientID, o)
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("organizations: create: %w", err)
		}
		out = o
		return m.rec.Record(ctx, tx, integration.OrganizationChanged(clientID, o.ID))
	})
	return out, err
}

// Update changes fields of an organization. Values that change nothing write and
// record nothing.
func (m *Module) Update(ctx context.Context, clientID, id string, v check.Values) (Organization, error) {
	var out Organization
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		old, err := locked(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		if out, err = m.apply(ctx, tx, clientID, old, v); err != nil {
			return err
		}
		if out.UpdatedAt = old.UpdatedAt; out == old {
			return nil
		}
		out.UpdatedAt = m.now()
		row := rowOf(clientID, out)
		_, err = tx.NewUpdate().Model(&row).ExcludeColumn("id", "client_id", "deleted_at").
			Where("o.client_id = ? and o.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("organizations: update: %w", err)
		}
		return m.rec.Record(ctx, tx, integration.OrganizationChanged(clientID, id))
	})
	return out, err
}

// apply returns o with the values, or every mistake at once.
func (m *Module) apply(ctx context.Context, tx bun.Tx, clientID string, o Organization, v check.Values) (Organization, error) {
	c := check.Of(v)
	c.Line("name", &o.Name, 200)
	c.Required("name", o.Name, "A name")
	c.Lines("description", &o.Description, 2000)
	c.Domain("domain", &o.Domain)
	c.Web("websiteUrl", &o.WebsiteURL)
	c.Line("phone", &o.Phone, 50)
	c.Line("address", &o.Address, 300)
	c.Line("city", &o.City, 100)
	c.Line("postcode", &o.Postcode, 20)
	c.Line("state", &o.State, 100)
	c.Line("country", &o.Country, 100)
	c.Line("groupId", &o.GroupID, 50)
	c.Day("startDate", &o.StartDate)
	c.Day("endDate", &o.EndDate)
	if !o.EndDate.IsZero() && o.EndDate.Before(o.StartDate) {
		c.Add("endDate", "It cannot end before it starts.")
	}
	c.Number("seats", &o.Seats, 0, 100_000)
	if _, said := v["seats"]; said && o.Seats > 0 && o.Seats < o.SeatsTaken {
		c.Add("seats", fmt.Sprintf("%d members have a seat already.", o.SeatsTaken))
	}
	if plan, sent := c.Take("plan"); sent {
		if err := choosePlan(ctx, tx, clientID, &o, plan, c); err != nil {
			return o, err
		}
	}
	o.UpdatedAt = m.now()
	return o, c.Err()
}

func choosePlan(ctx context.Context, tx bun.Tx, clientID string, o *Organization, asked string, c *check.Check) error {
	o.planID, o.PlanName = "", ""
	if asked == "" {
		return nil
	}
	all, err := members.PlansOf(ctx, tx, clientID)
	if err != nil {
		return err
	}
	var names []string
	for _, p := range all {
		if asked == p.ID || strings.EqualFold(asked, p.Name) {
			o.planID, o.PlanName = p.ID, p.Name
			return nil
		}
		names = append(names, p.Name)
	}
	c.Add("plan", "There is no such plan. The plans are "+strings.Join(names, ", ")+".")
	return nil
}

// Delete marks an organization as deleted. Its members belong to none then.
func (m *Module) Delete(ctx context.Context, clientID, id string) error {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return problem.Missing("organization")
	}
	return m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		left, err := members.Leave(ctx, tx, clientID, id, m.now())
		if err != nil {
			return err
		}
		o, err := locked(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		if o.SeatsTaken > 0 { // since the statement before
			return &problem.Problem{Status: http.StatusConflict, Title: "A member joined this organization just now.",
				Detail: "Nothing was changed.", Fix: "Delete it again."}
		}
		_, err = tx.NewUpdate().Model((*row)(nil)).Set("deleted_at = ?, updated_at = ?", m.now(), m.now()).
			Where("o.client_id = ? and o.id = ?", clientID, id).Exec(ctx)
		if err != nil {
			return fmt.Errorf("organizations: delete: %w", err)
		}
		return m.rec.Record(ctx, tx, append(journal.Members(clientID, left...), integration.OrganizationChanged(clientID, id))...)
	})
}

// Move puts a member into an organization, "" for none. The organizations that
// it leaves and joins have changed too: their seats have.
func (m *Module) Move(ctx context.Context, clientID, memberID, id string) error {
	if id != "" && !integration.ValidUUID(id) {
		return unknown()
	}
	return m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		before, err := members.Belong(ctx, tx, clientID, memberID, id, m.now())
		if err != nil && store.Refers(err) {
			return unknown()
		}
		if err != nil || before == id {
			return err
		}
		changes := journal.Members(clientID, memberID)
		for _, one := range sorted(before, id) { // in one order, so that two moves never wait for each other
			o, err := locked(ctx, tx, clientID, one)
			var missing *problem.Problem
			if errors.As(err, &missing) && one == before {
				continue
			}
			if errors.As(err, &missing) {
				return unknown()
			}
			if err != nil {
				return err
			}
			if one == id && o.Seats > 0 && o.SeatsTaken > o.Seats { // this member among them
				return problem.Invalid(map[string][]string{"organizationId": {fmt.Sprintf("All %d seats of this organization are taken.", o.Seats)}})
			}
			changes = append(changes, integration.OrganizationChanged(clientID, one))
		}
		return m.rec.Record(ctx, tx, changes...)
	})
}

func sorted(ids ...string) []string {
	var out []string
	for _, id := range ids {
		if id != "" {
			out = append(out, id)
		}
	}
	if len(out) == 2 && out[1] < out[0] {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

func unknown() *problem.Problem {
	return problem.Invalid(map[string][]string{"organizationId": {"There is no organization with this id."}})
}
