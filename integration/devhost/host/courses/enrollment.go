package courses

import (
	"context"
	"errors"
	"fmt"
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

// Enrollment is a member's place in a course.
type Enrollment struct {
	integration.Enrollment
	MemberID, Name, Email string
}

// Statuses are the statuses of an enrollment.
func Statuses() []string {
	return []string{string(integration.EnrollmentActive), string(integration.EnrollmentCompleted), string(integration.EnrollmentCancelled)}
}

// Enroll gives a member, by "memberId", a place in a course. One member has one
// active enrollment in a course.
func (m *Module) Enroll(ctx context.Context, clientID, courseID string, v check.Values) (Enrollment, error) {
	row := enrollmentRow{ID: uuid.Must(uuid.NewV7()).String(), ClientID: clientID, CourseID: courseID}
	next, status := integration.Enrollment{}, string(integration.EnrollmentActive)
	c := check.Of(v)
	c.ID("memberId", &row.MemberID, "member")
	c.Required("memberId", row.MemberID, "A member")
	c.Choice("status", &status, Statuses()...)
	c.Number("progress", &next.Progress, 0, 100)
	if err := c.Err(); err != nil {
		return Enrollment{}, err
	}
	now := m.moment()
	next = withStatus(next, integration.EnrollmentActive, now)
	next = withStatus(next, integration.EnrollmentStatus(status), now)
	var out Enrollment
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		course, err := get(ctx, tx, clientID, courseID)
		if err != nil {
			return err
		}
		if err := members.TouchOne(ctx, tx, clientID, now, row.MemberID); err != nil {
			var p *problem.Problem
			if errors.As(err, &p) {
				return problem.Invalid(map[string][]string{"memberId": {"There is no member with this id."}})
			}
			return err
		}
		put(&row, next)
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			if store.Violates(err) == "mp_enrollments_one_active" {
				return problem.Invalid(map[string][]string{"memberId": {"This member is enrolled in the course already."}})
			}
			return fmt.Errorf("courses: enroll: %w", err)
		}
		out, err = m.tell(ctx, tx, clientID, course, row, told(integration.Enrollment{}, next))
		return err
	})
	return out, err
}

// Change changes the "status" or the "progress" of an enrollment. What is so
// already is neither written nor recorded: completing twice completes once.
func (m *Module) Change(ctx context.Context, clientID, id string, v check.Values) (Enrollment, error) {
	var out Enrollment
	err := m.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		row, err := one(ctx, tx, clientID, id)
		if err != nil {
			return err
		}
		// Who has been deleted since stays on the list.
		if _, err := members.Touch(ctx, tx, clientID, m.moment(), row.MemberID); err != nil {
			return err
		}
		if _, err := tx.NewRaw("select from mp_enrollments where client_id = ? and id = ? for update", clientID, id).Exec(ctx); err != nil {
			return fmt.Errorf("courses: lock enrollment: %w", err)
		}
		if row, err = one(ctx, tx, clientID, id); err != nil {
			return err
		}
		before := row.enrollment().Enrollment
		next, err := changed(before, v, m.moment())
		if err != nil {
			return err
		}
		if next == before {
			out, err = show(ctx, tx, clientID, id)
			return err
		}
		put(&row, next)
		_, err = tx.NewUpdate().Model(&row).Column("status", "progress", "enrolled_at", "completed_at", "cancelled_at").
			Where("n.client_id = ? and n.id = ?", clientID, id).Exec(ctx)
		if store.Violates(err) == "mp_enrollments_one_active" {
			return problem.Invalid(map[string][]string{"status": {"This member has another active enrollment in the course."}})
		}
		if err != nil {
			return fmt.Errorf("courses: change enrollment: %w", err)
		}
		course, err := get(ctx, tx, clientID, row.CourseID)
		if err != nil {
			return err
		}
		out, err = m.tell(ctx, tx, clientID, course, row, told(before, next))
		return err
	})
	return out, err
}

// changed is an enrollment after what somebody says about it.
func changed(e integration.Enrollment, v check.Values, now time.Time) (integration.Enrollment, error) {
	c, status, progress := check.Of(v), string(e.Status), e.Progress
	c.Choice("status", &status, Statuses()...)
	c.Number("progress", &progress, 0, 100)
	if err := c.Err(); err != nil {
		return e, err
	}
	e = withStatus(e, integration.EnrollmentStatus(status), now)
	if _, said := v["progress"]; said {
		e.Progress = progress
	}
	return e, nil
}

func withStatus(e integration.Enrollment, to integration.EnrollmentStatus, now time.Time) integration.Enrollment {
	if to == e.Status {
		return e
	}
	was := e.Status
	e.Status, e.CancelledAt = to, time.Time{}
	switch to {
	case integration.EnrollmentCompleted:
		e.CompletedAt, e.Progress = now, 100
	case integration.EnrollmentCancelled:
		e.CancelledAt = now // that it was completed stays known
	default:
		e.CompletedAt = time.Time{}
		if was != integration.EnrollmentCompleted { // reopening is no new enrollment
			e.EnrolledAt = now
		}
	}
	return e
}

// told is what the step from one state of an enrollment to the next means for
// people. before is the zero Enrollment for a new one.
func told(before, next integration.Enrollment) []integration.Activity {
	var out []integration.Activity
	if !next.EnrolledAt.Equal(before.EnrolledAt) {
		out = append(out, integration.Activity{Type: integration.CourseEnrolled, OccurredAt: next.EnrolledAt})
	}
	if !next.CompletedAt.IsZero() && !next.CompletedAt.Equal(before.CompletedAt) {
		out = append(out, integration.Activity{Type: integration.CourseCompleted, OccurredAt: next.CompletedAt})
	}
	return out
}

// tell records an enrollment that was written and returns it.
func (m *Module) tell(ctx context.Context, tx bun.Tx, clientID string, course Course, row enrollmentRow, happened []integration.Activity) (Enrollment, error) {
	if err := m.rec.Record(ctx, tx, journal.Members(clientID, row.MemberID)...); err != nil {
		return Enrollment{}, err
	}
	for i := range happened {
		happened[i].MemberID, happened[i].Name = row.MemberID, course.Name
		happened[i].About = integration.Ref{Kind: integration.KindCourse, Key: course.ID}
	}
	if err := m.rec.Happened(ctx, tx, clientID, happened...); err != nil {
		return Enrollment{}, err
	}
	return show(ctx, tx, clientID, row.ID)
}
