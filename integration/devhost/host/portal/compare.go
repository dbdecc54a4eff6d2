package portal

import (
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

// The property by which the integration marks a contact as a member's.
const memberIDProperty = "memberpulse_member_id"

// contactView is one contact beside its member.
type contactView struct {
	State string // "same", "differs", "known", "absent"
	Word  string
	ID    string
	Name  string
	Email string
	Plan  string
	// Membership is the status of the membership.
	Membership string
	Lines      []propertyView // every property that is set
	Companies  string         // names
	Notes      []string       // the newest, as text
	MoreNotes  int            // not shown
	Changed    string         // when, in words
	Stamp      string         // differs when anything shown differs
}

type propertyView struct{ Name, Value string }

type compareRow struct {
	Member  listRow
	Contact contactView
}

type compareView struct {
	Pager     pager
	Rows      []compareRow
	Strangers []contactView // contacts that are nobody's here
	More      int           // strangers not shown
	Total     int           // contacts in all
	PortalID  string
	APIKey    string
	Query     string
}

// index finds the contact of a member.
type index struct {
	byMember, byEmail map[string]Contact
}

func newIndex(all []Contact) index {
	out := index{map[string]Contact{}, map[string]Contact{}}
	for _, c := range all {
		if id := c.Properties[memberIDProperty]; id != "" {
			out.byMember[id] = c
		}
		for _, email := range strings.Split(c.Properties["email"]+";"+c.Properties["hs_additional_emails"], ";") {
			if email != "" {
				out.byEmail[strings.ToLower(email)] = c
			}
		}
	}
	return out
}

func (x index) view(m members.Profile, now time.Time) contactView {
	if c, ok := x.byMember[m.ID]; ok {
		v := viewOf(c, now)
		if differs(m, c.Properties) {
			v.State, v.Word = "differs", "Differs"
		} else {
			v.State, v.Word = "same", "Same"
		}
		return v
	}
	if c, ok := x.byEmail[strings.ToLower(m.Email)]; ok && m.Email != "" {
		v := viewOf(c, now)
		v.State, v.Word = "known", "Only the address is known"
		if c.Properties[memberIDProperty] != "" {
			v.Word = "The address is another member's"
		}
		return v
	}
	return contactView{State: "absent", Word: "Not in HubSpot"}
}

// differs compares what a person would compare. A blank here says nothing: what
// somebody typed in HubSpot stays.
func differs(m members.Profile, p map[string]string) bool {
	for property, want := range map[string]string{
		"firstname": m.FirstName, "lastname": m.LastName, "email": strings.ToLower(m.Email), "jobtitle": m.Position,
		"mobilephone": m.Mobile, "company": m.Company, "city": m.City, "memberpulse_member_status": string(m.Status),
	} {
		if want != "" && p[property] != want {
			return true
		}
	}
	ms, ok := current(m.Memberships)
	return ok && p["memberpulse_membership_status"] != string(ms.Status)
}

func viewOf(c Contact, now time.Time) contactView {
	v := contactView{
		ID: c.ID, Name: strings.TrimSpace(c.Properties["firstname"] + " " + c.Properties["lastname"]),
		Email: c.Properties["email"], Plan: c.Properties["memberpulse_membership_plan"],
		Membership: c.Properties["memberpulse_membership_status"], Changed: ago(now.Sub(c.UpdatedAt)), Stamp: c.UpdatedAt.Format(time.RFC3339Nano),
	}
	v.Companies = strings.Join(c.Companies, ", ")
	for i, n := range c.Notes {
		if i == maxNotes {
			v.MoreNotes = len(c.Notes) - i
			break
		}
		v.Notes = append(v.Notes, textOf(n.Body))
	}
	v.Stamp += " " + v.Companies + " " + strconv.Itoa(len(c.Notes))
	for name, value := range c.Properties {
		hubspots := strings.HasPrefix(name, "hs_") && name != "hs_additional_emails" || strings.HasSuffix(name, "date")
		if value != "" && !hubspots { // what HubSpot computes for itself is no news
			v.Lines = append(v.Lines, propertyView{name, value})
		}
	}
	slices.SortFunc(v.Lines, func(a, b propertyView) int {
		// Ours first, then HubSpot's own, each by name.
		ours := func(p propertyView) int {
			return map[bool]int{true: 0, false: 1}[strings.HasPrefix(p.Name, "memberpulse_")]
		}
		if d := ours(a) - ours(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return v
}

// maxNotes bounds the notes that are shown of one contact.
const maxNotes = 5

// textOf is a note without its marks: whatever is left is shown as text.
func textOf(body string) string {
	var out strings.Builder
	inside := false
	for _, r := range body {
		switch {
		case r == '<':
			inside = true
			out.WriteByte(' ')
		case r == '>' && inside:
			inside = false
		case !inside:
			out.WriteRune(r)
		}
	}
	return html.UnescapeString(strings.Join(strings.Fields(out.String()), " "))
}

func ago(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "just now"
	case d < 2*time.Minute:
		return d.Truncate(time.Second).String() + " ago"
	case d < 48*time.Hour:
		return strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s") + " ago"
	}
	return d.Truncate(24*time.Hour).String() + " ago"
}

func (p *Portal) contactOf(clientID string, m members.Profile) contactView {
	return newIndex(p.CRM.Contacts(clientID)).view(m, p.Now())
}

func (p *Portal) liveContact(w http.ResponseWriter, r *http.Request) error {
	who, err := p.tenant(r, false)
	if err != nil {
		return err
	}
	m, err := p.Members.Get(r.Context(), who.ClientID, r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.fragment(w, "contact", p.contactOf(who.ClientID, m))
}

func (p *Portal) compare(w http.ResponseWriter, r *http.Request) error {
	v, err := p.comparison(r, "/what-hubspot-has")
	if err != nil {
		return err
	}
	p.render(w, r, http.StatusOK, "compare", "What HubSpot has", v)
	return nil
}

func (p *Portal) compareRows(w http.ResponseWriter, r *http.Request) error {
	v, err := p.comparison(r, "/what-hubspot-has")
	if err != nil {
		return err
	}
	return p.fragment(w, "comparerows", v)
}

// maxStrangers bounds the list of contacts that belong to no member.
const maxStrangers = 20

func (p *Portal) comparison(r *http.Request, path string) (compareView, error) {
	who, err := p.tenant(r, false)
	if err != nil {
		return compareView{}, err
	}
	q := listQuery(r)
	q.Recent = true // the member that was just changed comes first
	page, err := p.Members.List(r.Context(), who.ClientID, q)
	if err != nil {
		return compareView{}, err
	}
	contacts := p.CRM.Contacts(who.ClientID)
	x := newIndex(contacts)
	at := r.Clone(r.Context())
	at.URL.Path = path
	v := compareView{Pager: newPager(at, q, page), Total: len(contacts), Query: r.URL.RawQuery}
	v.PortalID, v.APIKey, _ = p.CRM.Portal(who.ClientID)
	if !who.May("configure") {
		v.APIKey = ""
	}
	for _, m := range page.Members {
		v.Rows = append(v.Rows, compareRow{rowOf(m), x.view(m, p.Now())})
	}
	for _, c := range contacts {
		if c.Properties[memberIDProperty] != "" {
			continue
		}
		if len(v.Strangers) == maxStrangers {
			v.More++
			continue
		}
		v.Strangers = append(v.Strangers, viewOf(c, p.Now()))
	}
	return v, nil
}
