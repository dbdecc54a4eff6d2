// Package courses is the reference host's module of courses and of the members
// who are enrolled in them.
package courses

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// Course is a course as the host shows it.
type Course struct {
	ID, Name, Description string
	UpdatedAt             time.Time
	Enrolled              int // active enrollments
}

// Module reads and writes courses and enrollments. Every method takes the id of
// the client that the caller has authorised, and sees nothing of any other.
//
// Rows are locked in one order: the course, then the member, then the
// enrollment.
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

// moment is now as PostgreSQL keeps it.
func (m *Module) moment() time.Time { return m.now().UTC().Truncate(time.Microsecond) }

type courseRow struct {
	bun.BaseModel `bun:"table:mp_courses,alias:c"`
	ID            string    `bun:"id,pk,type:uuid"`
	ClientID      string    `bun:"client_id,type:uuid"`
	Name          string    `bun:"name"`
	Description   string    `bun:"description"`
	UpdatedAt     time.Time `bun:"updated_at"`
	Enrolled      int       `bun:"enrolled,scanonly"`
}

func (r courseRow) course() Course {
	return Course{ID: r.ID, Name: r.Name, Description: r.Description, UpdatedAt: r.UpdatedAt, Enrolled: r.Enrolled}
}

func courses(db bun.IDB, dest *[]courseRow, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ColumnExpr("c.*").
		ColumnExpr("(select count(*) from mp_enrollments as n where n.client_id = c.client_id and n.course_id = c.id and n.status = 'active') as enrolled").
		Where("c.client_id = ?", clientID)
}

// Create adds a course. It is no change of anybody: nothing is recorded until
// somebody enrolls.
func (m *Module) Create(ctx context.Context, clientID string, v check.Values) (Course, error) {
	out := Course{ID: uuid.Must(uuid.NewV7()).String(), UpdatedAt: m.moment()}
	c := check.Of(v)
	c.Line("name", &out.Name, 200)
	c.Required("name", out.Name, "A name")
	c.Lines("description", &out.Description, 2000)
	if err := c.Err(); err != nil {
		return Course{}, err
	}
	row := rowOf(clientID, out)
	if _, err := m.db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return Course{}, fmt.Errorf("courses: create: %w", err)
	}
	return out, nil
}

func rowOf(clientID string, c Course) courseRow {
	return courseRow{ID: c.ID, ClientID: clientID, Name: c.Name, Description: c.Description, UpdatedAt: c.UpdatedAt}
}

// List returns one page by name.
func (m *Module) List(ctx context.Context, clientID string, q store.Query) (store.Page[Course], error) {
	if !integration.ValidUUID(clientID) {
		return store.Page[Course]{}, nil
	}
	var all []courseRow
	sel := courses(m.db, &all, clientID).Order("c.name", "c.id")
	if like := q.Like(); like != "" {
		sel = sel.Where("(c.name ilike ? or c.id::text = ?)", like, q.Search)
	}
	total, err := q.On(sel).ScanAndCount(ctx)
	if err != nil {
		return store.Page[Course]{}, fmt.Errorf("courses: list: %w", err)
	}
	return store.PageOf(q, int(total), all, courseRow.course), nil
}

// Get returns one course, or a 404 [problem.Problem].
func (m *Module) Get(ctx context.Context, clientID, id string) (Course, error) {
	return get(ctx, m.db, clientID, id)
}

func get(ctx context.Context, db bun.IDB, clientID, id string) (Course, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return Course{}, problem.Missing("course")
	}
	var all []courseRow
	if err := courses(db, &all, clientID).Where("c.id = ?", id).Scan(ctx); err != nil {
		return Course{}, fmt.Errorf("courses: get: %w", err)
	}
	if len(all) == 0 {
		return Course{}, problem.Missing("course")
	}
	return all[0].course(), nil
}
