package members

import (
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

type memberRow struct {
	bun.BaseModel `bun:"table:mp_members,alias:m"`
	ID            string                   `bun:"id,pk,type:uuid"`
	ClientID      string                   `bun:"client_id,type:uuid"`
	FirstName     string                   `bun:"first_name"`
	LastName      string                   `bun:"last_name"`
	Email         string                   `bun:"email"`
	ContactNumber string                   `bun:"contact_number"`
	Mobile        string                   `bun:"mobile"`
	Company       string                   `bun:"company"`
	Position      string                   `bun:"position"`
	Address       string                   `bun:"address"`
	City          string                   `bun:"city"`
	Postcode      string                   `bun:"postcode"`
	State         string                   `bun:"state"`
	Country       string                   `bun:"country"`
	WebsiteURL    string                   `bun:"website_url"`
	LinkedInURL   string                   `bun:"linkedin_url"`
	Status        integration.MemberStatus `bun:"status"`
	RegisteredAt  time.Time                `bun:"registered_at"`
	UpdatedAt     time.Time                `bun:"updated_at"`
	DeletedAt     time.Time                `bun:"deleted_at,nullzero"`
}

func (r memberRow) profile(memberships []integration.Membership) Profile {
	return Profile{
		Member: integration.Member{
			ID: r.ID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email,
			ContactNumber: r.ContactNumber, Mobile: r.Mobile, Company: r.Company, Position: r.Position,
			Address: r.Address, City: r.City, Postcode: r.Postcode, State: r.State, Country: r.Country,
			WebsiteURL: r.WebsiteURL, LinkedInURL: r.LinkedInURL,
			Status: r.Status, RegisteredAt: r.RegisteredAt, Memberships: memberships,
		},
		UpdatedAt: r.UpdatedAt,
	}
}

func rowOf(clientID string, m integration.Member, updatedAt time.Time) memberRow {
	return memberRow{
		ID: m.ID, ClientID: clientID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email,
		ContactNumber: m.ContactNumber, Mobile: m.Mobile, Company: m.Company, Position: m.Position,
		Address: m.Address, City: m.City, Postcode: m.Postcode, State: m.State, Country: m.Country,
		WebsiteURL: m.WebsiteURL, LinkedInURL: m.LinkedInURL,
		Status: m.Status, RegisteredAt: m.RegisteredAt, UpdatedAt: updatedAt,
	}
}

// membershipRow reads and writes dates as text: a day has no time zone, and a
// time.Time would give it one.
type membershipRow struct {
	bun.BaseModel `bun:"table:mp_memberships,alias:s"`
	ID            string                       `bun:"id,pk,type:uuid"`
	ClientID      string                       `bun:"client_id,type:uuid"`
	MemberID      string                       `bun:"member_id,type:uuid"`
	PlanID        string                       `bun:"plan_id,type:uuid"`
	Status        integration.MembershipStatus `bun:"status"`
	StartDate     string                       `bun:"start_date,type:date"`
	EndDate       string                       `bun:"end_date,type:date,nullzero"`
	RenewedAt     time.Time                    `bun:"renewed_at,nullzero"`
	PlanName      string                       `bun:"plan_name,scanonly"`
}

func (r membershipRow) membership() (integration.Membership, error) {
	out := integration.Membership{
		ID: r.ID, PlanID: r.PlanID, PlanName: r.PlanName, Status: r.Status, RenewedAt: r.RenewedAt,
	}
	var err error
	if out.StartDate, err = integration.ParseDate(r.StartDate); err != nil {
		return out, fmt.Errorf("members: membership %s: %w", r.ID, err)
	}
	if r.EndDate == "" {
		return out, nil
	}
	if out.EndDate, err = integration.ParseDate(r.EndDate); err != nil {
		return out, fmt.Errorf("members: membership %s: %w", r.ID, err)
	}
	return out, nil
}

func membershipRowOf(clientID, memberID string, m integration.Membership) membershipRow {
	return membershipRow{
		ID: m.ID, ClientID: clientID, MemberID: memberID, PlanID: m.PlanID, Status: m.Status,
		StartDate: m.StartDate.String(), EndDate: m.EndDate.String(), RenewedAt: m.RenewedAt,
	}
}

type planRow struct {
	bun.BaseModel `bun:"table:mp_plans,alias:p"`
	ID            string `bun:"id,pk,type:uuid"`
	ClientID      string `bun:"client_id,type:uuid"`
	Name          string `bun:"name"`
	Position      int    `bun:"position"`
}
