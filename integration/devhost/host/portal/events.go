package portal

import (
	"net/http"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

func (p *Portal) pagesOfEvents() {
	p.page("GET /events", p.listEvents)
	p.page("GET /events/new", p.newEvent)
	p.page("POST /events/new", p.addEvent)
	p.page("GET /events/{id}", p.showEvent)
	p.page("POST /events/{id}", p.saveEvent)
	p.page("POST /events/{id}/registrations", p.register)
	p.page("POST /registrations/{id}", p.saveRegistration)
}

type eventList struct {
	Pager   pager
	Rows    []eventRow
	MayEdit bool
}

type eventRow struct {
	events.Event
	When string
}

func (p *Portal) listEvents(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	c, err := p.clockOf(r, who)
	if err != nil {
		return err
	}
	q := pageOf(r)
	page, err := p.Events.List(r.Context(), who.ClientID, q)
	if err != nil {
		return err
	}
	v := eventList{Pager: pagerOf(r, q.Search, "", page), MayEdit: who.Role == integration.RoleClientAdmin}
	for _, e := range page.Items {
		v.Rows = append(v.Rows, eventRow{e, c.show(e.Start)})
	}
	p.render(w, r, http.StatusOK, "events", "Events", v)
	return nil
}

type eventView struct {
	sheet
	ID, Name string
	When     string
	Zone     string
	Places   []placeView
	Register sheet
	Done     string
	Problem  *problem.Problem
}

// placeView is a registration with the buttons that it has.
type placeView struct {
	ID, Event, EventID string
	Name, MemberID     string
	Email              string
	When               string // the event begins
	Status             string
	Attendance         string
	MayEdit            bool
}

func placeOf(r events.Registration, c clock, edit bool) placeView {
	v := placeView{
		ID: r.ID, Event: r.EventName, EventID: r.EventID, Name: r.Name, MemberID: r.MemberID, Email: r.Email, When: c.show(r.EventStart),
		Status: string(r.Status), MayEdit: edit,
	}
	switch r.Attendance {
	case integration.AttendanceAttended:
		v.Attendance = "attended"
	case integration.AttendanceNoShow:
		v.Attendance = "no-show"
	}
	return v
}

// Open says that somebody may be marked.
func (v placeView) Open() bool {
	return v.Status == string(integration.RegistrationConfirmed) || v.Status == string(integration.RegistrationCheckedIn)
}

func (p *Portal) eventView(r *http.Request, who signin.Visitor, e events.Event) (eventView, error) {
	c, err := p.clockOf(r, who)
	if err != nil {
		return eventView{}, err
	}
	edit := who.Role == integration.RoleClientAdmin
	if e.Type == "" {
		e.Type = events.Types()[0]
	}
	v := eventView{
		ID: e.ID, Name: e.Name, When: c.show(e.Start), Zone: c.zone.String(), Done: done(r),
		sheet: sheet{MayEdit: edit, Fields: []fieldView{
			{Name: "name", Label: "Name", Value: e.Name, Required: true},
			{Name: "type", Label: "Type", Value: e.Type, Options: events.Types(), Required: true},
			{Name: "start", Label: "Starts", Kind: "datetime-local", Value: c.input(e.Start), Required: true},
			{Name: "end", Label: "Ends", Kind: "datetime-local", Value: c.input(e.End), Required: e.ID != ""},
			{Name: "location", Label: "Location", Value: e.Location},
			{Name: "description", Label: "Description", Kind: "lines", Value: e.Description},
		}},
		Register: sheet{Prefix: "reg-", MayEdit: edit, Fields: []fieldView{
			{Name: "member", Label: "Member", Hint: "email, name or id"},
			{Name: "name", Label: "or a guest's name"},
			{Name: "email", Label: "and email"},
			{Name: "status", Label: "Status", Value: "confirmed", Required: true, Options: []string{"confirmed", "pending"}},
		}},
	}
	if e.ID == "" {
		return v, nil
	}
	state := "no"
	if e.Cancelled {
		state = "yes"
	}
	v.Fields = append(v.Fields, fieldView{Name: "cancelled", Label: "Cancelled", Kind: "choice", Required: true, Value: map[string]string{"yes": "true", "no": "false"}[state],
		Choices: []choice{{"false", "No"}, {"true", "Yes"}}})
	all, err := p.Events.Registrations(r.Context(), who.ClientID, e.ID)
	if err != nil {
		return v, err
	}
	for _, one := range all {
		v.Places = append(v.Places, placeOf(one, c, edit))
	}
	return v, nil
}

func (p *Portal) newEvent(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.eventView(r, who, events.Event{})
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "event", "Add an event", v)
	return nil
}

func (p *Portal) addEvent(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	v, err := p.eventView(r, who, events.Event{})
	if err != nil {
		return err
	}
	values := typed(r, v.names()...)
	if values["end"] == "" {
		delete(values, "end")
	}
	e, err := p.Events.Create(r.Context(), who.ClientID, values)
	if err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		v.Problem, v.sheet = pr, v.with(r, pr)
		p.render(w, r, pr.Status, "event", "Add an event", v)
		return nil
	}
	http.Redirect(w, r, "/events/"+e.ID+"?done=new", http.StatusSeeOther)
	return nil
}

func (p *Portal) showEvent(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	e, err := p.Events.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := p.eventView(r, who, e)
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "event", e.Name, v)
	return nil
}

func (p *Portal) saveEvent(w http.ResponseWriter, r *http.Request) error {
	return p.changeEvent(w, r, func(who signin.Visitor, v *eventView) error {
		_, err := p.Events.Update(r.Context(), who.ClientID, v.ID, typed(r, v.names()...))
		if pr := refusal(err); pr != nil {
			v.sheet = v.with(r, pr)
		}
		return err
	})
}

func (p *Portal) register(w http.ResponseWriter, r *http.Request) error {
	return p.changeEvent(w, r, func(who signin.Visitor, v *eventView) error {
		values := typed(r, "name", "email", "status")
		var err error
		if named := r.PostFormValue("member"); named != "" || values["name"]+values["email"] == "" {
			values["memberId"], err = p.findMember(r, who, "member", named)
			delete(values, "name")
			delete(values, "email")
		}
		if err == nil {
			_, err = p.Events.Register(r.Context(), who.ClientID, v.ID, values)
		}
		if pr := refusal(err); pr != nil {
			if pr.Errors["member"] == nil {
				pr.Errors["member"] = pr.Errors["memberId"]
			}
			v.Register = v.Register.with(r, pr)
		}
		return err
	})
}

// changeEvent does something to an event and shows it again.
func (p *Portal) changeEvent(w http.ResponseWriter, r *http.Request, do func(signin.Visitor, *eventView) error) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	e, err := p.Events.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := p.eventView(r, who, e)
	if err != nil {
		return err
	}
	if err := do(who, &v); err != nil {
		pr := refusal(err)
		if pr == nil {
			return err
		}
		v.Problem = pr
		p.render(w, r, pr.Status, "event", e.Name, v)
		return nil
	}
	http.Redirect(w, r, "/events/"+e.ID+"?done=saved", http.StatusSeeOther)
	return nil
}

// saveRegistration is one of the buttons beside a name; it leads back to the
// event.
func (p *Portal) saveRegistration(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, true)
	if err != nil {
		return err
	}
	one, err := p.Events.Change(r.Context(), who.ClientID, r.PathValue("id"), typed(r, "status", "attended"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/events/"+one.EventID+"?done=saved#r-"+one.ID, http.StatusSeeOther)
	return nil
}
