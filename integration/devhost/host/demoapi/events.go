package demoapi

import (
	"net/http"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/check"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
)

type eventDoc struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Type        string    `json:"type"`
	Location    string    `json:"location"`
	Start       time.Time `json:"start"`
	End         time.Time `json:"end"`
	Cancelled   bool      `json:"cancelled"`
	Registered  int       `json:"registered"` // those not cancelled
	UpdatedAt   time.Time `json:"updatedAt"`
}

type registrationDoc struct {
	ID           string     `json:"id"`
	EventID      string     `json:"eventId"`
	Event        string     `json:"event"`
	MemberID     *string    `json:"memberId"` // null = no member
	Name         string     `json:"name"`
	Email        string     `json:"email"`
	Status       string     `json:"status"`
	Attended     *bool      `json:"attended"` // null = not decided
	RegisteredAt *time.Time `json:"registeredAt,omitempty"`
	CancelledAt  *time.Time `json:"cancelledAt,omitempty"`
	AttendanceAt *time.Time `json:"attendanceAt,omitempty"`
}

func eventOf(e events.Event) eventDoc {
	return eventDoc{
		ID: e.ID, Name: e.Name, Description: e.Description, Type: e.Type, Location: e.Location, Start: e.Start.UTC(), End: e.End.UTC(),
		Cancelled: e.Cancelled, Registered: e.Taken, UpdatedAt: e.UpdatedAt.UTC(),
	}
}

func registrationOf(r events.Registration) registrationDoc {
	d := registrationDoc{
		ID: r.ID, EventID: r.EventID, Event: r.EventName, MemberID: id(r.MemberID), Name: r.Name, Email: r.Email, Status: string(r.Status),
		RegisteredAt: at(r.RegisteredAt), CancelledAt: at(r.CancelledAt), AttendanceAt: at(r.AttendanceAt),
	}
	if r.Attendance != integration.AttendanceOpen {
		came := r.Attendance == integration.AttendanceAttended
		d.Attended = &came
	}
	return d
}

func (b *body) event() (check.Values, error) {
	v := b.read(map[string]kind{"name": text, "description": text, "type": text, "location": text, "start": text, "end": text, "cancelled": flag})
	return v, b.done()
}

func (a *API) listEvents(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	q, _, err := pageQuery(r, nil)
	if err != nil {
		return 0, nil, err
	}
	page, err := a.Events.List(r.Context(), who.ClientID, q)
	return http.StatusOK, paged("events", page, eventOf), err
}

func (a *API) getEvent(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	e, err := a.Events.Get(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, eventOf(e), err
}

func (a *API) addEvent(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v, err := b.event()
	if err != nil {
		return 0, nil, err
	}
	e, err := a.Events.Create(r.Context(), who.ClientID, v)
	if err != nil {
		return 0, nil, err
	}
	return created(w, "/demo/events/"+e.ID, eventOf(e))
}

func (a *API) changeEvent(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v, err := b.event()
	if err != nil {
		return 0, nil, err
	}
	e, err := a.Events.Update(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusOK, eventOf(e), err
}

func (a *API) listRegistrations(_ http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	if _, err := a.Events.Get(r.Context(), who.ClientID, r.PathValue("id")); err != nil {
		return 0, nil, err
	}
	list, err := a.Events.Registrations(r.Context(), who.ClientID, r.PathValue("id"))
	return http.StatusOK, map[string]any{"registrations": all(list, registrationOf), "total": len(list)}, err
}

func (a *API) register(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"memberId": text, "name": text, "email": text, "status": text})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	reg, err := a.Events.Register(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusCreated, registrationOf(reg), err
}

func (a *API) changeRegistration(w http.ResponseWriter, r *http.Request, who signin.Visitor) (int, any, error) {
	b, err := readBody(w, r)
	if err != nil {
		return 0, nil, err
	}
	v := b.read(map[string]kind{"status": text, "attended": flag})
	if err := b.done(); err != nil {
		return 0, nil, err
	}
	reg, err := a.Events.Change(r.Context(), who.ClientID, r.PathValue("id"), v)
	return http.StatusOK, registrationOf(reg), err
}
