package courses

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
)

type enrollmentRow struct {
	bun.BaseModel `bun:"table:mp_enrollments,alias:n"`
	ID            string                       `bun:"id,pk,type:uuid"`
	ClientID      string                       `bun:"client_id,type:uuid"`
	CourseID      string                       `bun:"course_id,type:uuid"`
	MemberID      string                       `bun:"member_id,type:uuid"`
	Status        integration.EnrollmentStatus `bun:"status"`
	Progress      int                          `bun:"progress"`
	EnrolledAt    time.Time                    `bun:"enrolled_at"`
	CompletedAt   time.Time                    `bun:"completed_at,nullzero"`
	CancelledAt   time.Time                    `bun:"cancelled_at,nullzero"`
	CourseName    string                       `bun:"course_name,scanonly"`
}

func (r enrollmentRow) enrollment() Enrollment {
	return Enrollment{
		Enrollment: integration.Enrollment{
			ID: r.ID, CourseID: r.CourseID, CourseName: r.CourseName, Status: r.Status, Progress: r.Progress,
			EnrolledAt: r.EnrolledAt, CompletedAt: r.CompletedAt, CancelledAt: r.CancelledAt,
		},
		MemberID: r.MemberID,
	}
}

func put(row *enrollmentRow, e integration.Enrollment) {
	row.Status, row.Progress = e.Status, e.Progress
	row.EnrolledAt, row.CompletedAt, row.CancelledAt = e.EnrolledAt, e.CompletedAt, e.CancelledAt
}

func enrollments(db bun.IDB, dest *[]enrollmentRow, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ColumnExpr("n.*, c.name as course_name").
		Join("join mp_courses as c on c.client_id = n.client_id and c.id = n.course_id").
		Where("n.client_id = ?", clientID).OrderExpr("n.enrolled_at, n.id")
}

// Enrollments returns who is enrolled in a course, in the order in which they
// came.
func (m *Module) Enrollments(ctx context.Context, clientID, courseID string) ([]Enrollment, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(courseID) {
		return nil, problem.Missing("course")
	}
	return list(ctx, m.db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.course_id = ?", courseID) })
}

// OfMember returns a member's enrollments, oldest first.
func (m *Module) OfMember(ctx context.Context, clientID, memberID string) ([]Enrollment, error) {
	return list(ctx, m.db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.member_id = ?", memberID) })
}

func list(ctx context.Context, db bun.IDB, clientID string, where func(*bun.SelectQuery) *bun.SelectQuery) ([]Enrollment, error) {
	var all []enrollmentRow
	if err := where(enrollments(db, &all, clientID)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("courses: enrollments: %w", err)
	}
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.MemberID
	}
	people, err := members.People(ctx, db, clientID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Enrollment, len(all))
	for i, r := range all {
		out[i] = r.enrollment()
		out[i].Name, out[i].Email = people[r.MemberID].Name, people[r.MemberID].Email
	}
	return out, nil
}

func show(ctx context.Context, db bun.IDB, clientID, id string) (Enrollment, error) {
	all, err := list(ctx, db, clientID, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("n.id = ?", id) })
	if err == nil && len(all) == 0 {
		err = problem.Missing("enrollment")
	}
	if err != nil {
		return Enrollment{}, err
	}
	return all[0], nil
}

func one(ctx context.Context, db bun.IDB, clientID, id string) (enrollmentRow, error) {
	if !integration.ValidUUID(clientID) || !integration.ValidUUID(id) {
		return enrollmentRow{}, problem.Missing("enrollment")
	}
	var all []enrollmentRow
	if err := enrollments(db, &all, clientID).Where("n.id = ?", id).Scan(ctx); err != nil {
		return enrollmentRow{}, fmt.Errorf("courses: enrollment: %w", err)
	}
	if len(all) == 0 {
		return enrollmentRow{}, problem.Missing("enrollment")
	}
	return all[0], nil
}

// OfMembers returns every enrollment of these members, oldest first, by member
// id, with one query.
func OfMembers(ctx context.Context, db bun.IDB, clientID string, memberIDs []string) (map[string][]integration.Enrollment, error) {
	if len(memberIDs) == 0 {
		return nil, nil
	}
	var all []enrollmentRow
	if err := enrollments(db, &all, clientID).Where("n.member_id in (?)", bun.List(memberIDs)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("courses: enrollments of members: %w", err)
	}
	out := map[string][]integration.Enrollment{}
	for _, r := range all {
		out[r.MemberID] = append(out[r.MemberID], r.enrollment().Enrollment)
	}
	return out, nil
}

// Add writes courses with their enrollments that come from elsewhere in tx. Who
// is enrolled is the change of members that whoever adds them records. Nothing
// has happened: activities are for what happens here.
func (m *Module) Add(ctx context.Context, tx bun.Tx, clientID string, all []Course, places []Enrollment) error {
	if len(all) == 0 {
		return nil
	}
	rows := make([]courseRow, len(all))
	for i, c := range all {
		c.UpdatedAt = m.moment()
		rows[i] = rowOf(clientID, c)
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return fmt.Errorf("courses: add: %w", err)
	}
	held := make([]enrollmentRow, len(places))
	for i, p := range places {
		held[i] = enrollmentRow{ID: p.ID, ClientID: clientID, CourseID: p.CourseID, MemberID: p.MemberID}
		put(&held[i], p.Enrollment)
	}
	if len(held) == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&held).Exec(ctx); err != nil {
		return fmt.Errorf("courses: add enrollments: %w", err)
	}
	return nil
}
