package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/journal"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/signin"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
)

// memberWorld is what a member belongs to and takes part in.
type memberWorld struct {
	CRMID        string
	Organization sheet
	Operation    sheet
	Scheduled    string // the downgrade to come
	Places       []placeView
	Lessons      []lessonView
	Activities   []activityView
}

type activityView struct{ When, What string }

func (p *Portal) worldOf(r *http.Request, who signin.Visitor, m members.Profile, plans []string) (*memberWorld, error) {
	c, err := p.clockOf(r, who)
	if err != nil {
		return nil, err
	}
	edit := who.Role == integration.RoleClientAdmin
	w := &memberWorld{CRMID: m.CRMID}
	if w.Organization, err = p.organizationSheet(r, who, m.OrganizationID); err != nil {
		return nil, err
	}
	w.Operation = sheet{Prefix: "op-", MayEdit: edit, Fields: []fieldView{
		{Name: "action", Label: "Do", Required: true, Options: actions()},
		{Name: "plan", Label: "Plan", Options: plans, Hint: "of an upgrade or downgrade"},
		{Name: "endDate", Label: "New end", Kind: "date", Hint: "of a renewal"},
		{Name: "on", Label: "Downgrade on", Kind: "date"},
	}}
	if ms, ok := current(m.Memberships); ok && ms.DowngradeTo != "" {
		w.Scheduled = ms.DowngradeTo + " on " + ms.DowngradeOn.String()
	}
	places, err := p.Events.OfMember(r.Context(), who.ClientID, m.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range places {
		w.Places = append(w.Places, placeOf(one, c, edit))
	}
	lessons, err := p.Courses.OfMember(r.Context(), who.ClientID, m.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range lessons {
		w.Lessons = append(w.Lessons, lessonOf(one, edit))
	}
	done, err := journal.OfMember(r.Context(), p.DB, who.ClientID, m.ID, 20)
	if err != nil {
		return nil, err
	}
	for _, a := range done {
		what := strings.ReplaceAll(string(a.Type), "-", " ") + ": " + a.Name
		if a.From != "" {
			what += ", from " + a.From
		}
		w.Activities = append(w.Activities, activityView{c.show(a.OccurredAt), what})
	}
	return w, nil
}

func actions() []string {
	var out []string
	for _, a := range members.Actions() {
		out = append(out, string(a))
	}
	return out
}

// organizationSheet offers the first hundred organizations, and the present one.
func (p *Portal) organizationSheet(r *http.Request, who signin.Visitor, present string) (sheet, error) {
	page, err := p.Organizations.List(r.Context(), who.ClientID, store.Query{ItemsPerPage: 100})
	if err != nil {
		return sheet{}, err
	}
	f := fieldView{Name: "organizationId", Label: "Organization", Kind: "choice", Value: present, Choices: []choice{{"", "None"}}}
	for _, o := range page.Items {
		f.Choices = append(f.Choices, choice{o.ID, o.Name})
	}
	if !slices.ContainsFunc(f.Choices, func(c choice) bool { return c.Value == present }) {
		o, err := p.Organizations.Get(r.Context(), who.ClientID, present)
		if err != nil {
			return sheet{}, err
		}
		f.Choices = append(f.Choices, choice{o.ID, o.Name})
	}
	return sheet{MayEdit: who.Role == integration.RoleClientAdmin, Fields: []fieldView{f}}, nil
}

func (p *Portal) moveMember(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, func(who signin.Visitor, id string) error {
		return p.Organizations.Move(r.Context(), who.ClientID, id, r.PostFormValue("organizationId"))
	})
}

func (p *Portal) operate(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, func(who signin.Visitor, id string) error {
		op := members.Operation{
			Action: members.Action(r.PostFormValue("action")), Plan: r.PostFormValue("plan"),
			EndDate: r.PostFormValue("endDate"), On: r.PostFormValue("on"),
		}
		_, err := p.Members.Operate(r.Context(), who.ClientID, id, op)
		return err
	})
}
