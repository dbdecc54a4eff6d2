package portal

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

func (p *Portal) pagesOfCourses() {
	p.page("GET /courses", p.listCourses)
	p.page("POST /courses", p.addCourse)
	p.page("GET /courses/{id}", p.showCourse)
	p.page("POST /courses/{id}/enrollments", p.enroll)
	p.page("POST /enrollments/{id}", p.saveEnrollment)
}

type courseList struct {
	sheet
	Pager   pager
	Rows    []courses.Course
	Problem *problem.Problem
}

func (p *Portal) courseList(r *http.Request, who signin.Visitor) (courseList, error) {
	q := pageOf(r)
	page, err := p.Courses.List(r.Context(), who.ClientID, q)
	return courseList{
		Pager: pagerOf(r, q.Search, "", page), Rows: page.Items,
		sheet: sheet{MayEdit: who.Role == integration.RoleClientAdmin, Fields: []fieldView{
			{Name: "name", Label: "Name", Required: true}, {Name: "description", Label: "Description", Kind: "lines"},
		}},
	}, err
}

func (p *Portal) listCourses(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	v, err := p.courseList(r, who)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "courses", "Courses", v)
	return nil
}

func (p *Portal) addCourse(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	c, err := p.Courses.Create(r.Context(), who.ClientID, typed(r, "name", "description"))
	if err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		v, err := p.courseList(r, who)
		if err != nil {
			return err
		}
		v.Problem, v.sheet = pr, v.with(r, pr)
		p.render(w, r, pr.Status, "courses", "Courses", v)
		return nil
	}
	http.Redirect(w, r, "/courses/"+c.ID, http.StatusSeeOther)
	return nil
}

type courseView struct {
	sheet // to enroll
	courses.Course
	Lessons []lessonView
	Done    string
	Problem *problem.Problem
}

// lessonView is an enrollment with the buttons that it has.
type lessonView struct {
	ID, Course, CourseID  string
	Name, MemberID, Email string
	Status                string
	Progress              int
	MayEdit               bool
}

func lessonOf(e courses.Enrollment, edit bool) lessonView {
	return lessonView{
		ID: e.ID, Course: e.CourseName, CourseID: e.CourseID, Name: e.Name, MemberID: e.MemberID, Email: e.Email,
		Status: string(e.Status), Progress: e.Progress, MayEdit: edit,
	}
}

func (p *Portal) courseView(r *http.Request, who signin.Visitor) (courseView, error) {
	c, err := p.Courses.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return courseView{}, err
	}
	edit := who.Role == integration.RoleClientAdmin
	v := courseView{Course: c, Done: done(r), sheet: sheet{MayEdit: edit, Fields: []fieldView{
		{Name: "member", Label: "Member", Hint: "email, name or id", Required: true},
	}}}
	all, err := p.Courses.Enrollments(r.Context(), who.ClientID, c.ID)
	for _, one := range all {
		v.Lessons = append(v.Lessons, lessonOf(one, edit))
	}
	return v, err
}

func (p *Portal) showCourse(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	v, err := p.courseView(r, who)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "course", v.Name, v)
	return nil
}

func (p *Portal) enroll(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.courseView(r, who)
	if err != nil {
		return err
	}
	member, err := p.findMember(r, who, "member", r.PostFormValue("member"))
	if err == nil {
		_, err = p.Courses.Enroll(r.Context(), who.ClientID, v.ID, check.Values{"memberId": member})
	}
	if err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		if pr.Errors["member"] == nil {
			pr.Errors["member"] = pr.Errors["memberId"]
		}
		v.Problem, v.sheet = pr, v.with(r, pr)
		p.render(w, r, pr.Status, "course", v.Name, v)
		return nil
	}
	http.Redirect(w, r, "/courses/"+v.ID+"?done=saved", http.StatusSeeOther)
	return nil
}

// saveEnrollment is one of the buttons beside a name; it leads back to the
// course.
func (p *Portal) saveEnrollment(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	one, err := p.Courses.Change(r.Context(), who.ClientID, r.PathValue("id"), typed(r, "status", "progress"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/courses/"+one.CourseID+"?done=saved#n-"+one.ID, http.StatusSeeOther)
	return nil
}
