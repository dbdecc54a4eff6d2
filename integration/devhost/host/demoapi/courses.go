package demoapi

import (
	"net/http"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type courseDoc struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Enrolled    int       `json:"enrolled"` // active enrollments
	UpdatedAt   time.Time `json:"updatedAt"`
}

type enrollmentDoc struct {
	ID          string     `json:"id"`
	CourseID    string     `json:"courseId"`
	Course      string     `json:"course"`
	MemberID    string     `json:"memberId"`
	Name        string     `json:"name"`
	Email       string     `json:"email"`
	Status      string     `json:"status"`
	Progress    int        `json:"progress"` // percent
	EnrolledAt  time.Time  `json:"enrolledAt"`
	CompletedAt *time.Time `json:"completedAt,omitempty"`
	CancelledAt *time.Time `json:"cancelledAt,omitempty"`
}

func courseOf(c courses.Course) courseDoc {
	return courseDoc{ID: c.ID, Name: c.Name, Description: c.Description, Enrolled: c.Enrolled, UpdatedAt: c.UpdatedAt.UTC()}
}

func enrollmentOf(e courses.Enrollment) enrollmentDoc {
	return enrollmentDoc{
		ID: e.ID, CourseID: e.CourseID, Course: e.CourseName, MemberID: e.MemberID, Name: e.Name, Email: e.Email, Status: string(e.Status),
		Progress: e.Progress, EnrolledAt: e.EnrolledAt.UTC(), CompletedAt: at(e.CompletedAt), CancelledAt: at(e.CancelledAt),
	}
}

func (a *API) listCourses(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, _, err := pageQuery(r, nil)
	if err != nil {
		return 0, nil, err
	}
	page, err := a.Courses.List(r.Context(), who.ClientID, q)
	return http.StatusOK, paged("courses", page, courseOf), err
}

func (a *API) getCourse(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	c, err := a.Courses.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, courseOf(c), err
}

func (a *API) addCourse(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"name": text, "description": text})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	c, err := a.Courses.Create(r.Context(), who.ClientID, v)
	if err != nil {
		return 0, nil, err
	}
	return created(w, "/demo/courses/"+c.ID, courseOf(c))
}

func (a *API) listEnrollments(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	if _, err := a.Courses.Get(r.Context(), who.ClientID, r.PathValue("id")); err != nil {
		return 0, nil, err
	}
	list, err := a.Courses.Enrollments(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, map[string]any{"enrollments": all(list, enrollmentOf), "total": len(list)}, err
}

func (a *API) enroll(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"memberId": text, "status": text, "progress": number})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	e, err := a.Courses.Enroll(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusCreated, enrollmentOf(e), err
}

func (a *API) changeEnrollment(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"status": text, "progress": number})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	e, err := a.Courses.Change(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusOK, enrollmentOf(e), err
}
