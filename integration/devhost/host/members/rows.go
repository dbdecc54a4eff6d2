package members

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
)

type memberRow struct {
	bun.BaseModel  `bun:"table:mp_members,alias:m"`
	ID             string                   `bun:"id,pk,type:uuid"`
	ClientID       string                   `bun:"client_id,type:uuid"`
	FirstName      string                   `bun:"first_name"`
	LastName       string                   `bun:"last_name"`
	Email          string                   `bun:"email"`
	ContactNumber  string                   `bun:"contact_number"`
	Mobile         string                   `bun:"mobile"`
	Company        string                   `bun:"company"`
	CompanyPhone   string                   `bun:"company_phone"`
	CompanyAddress string                   `bun:"company_address"`
	Position       string                   `bun:"position"`
	Address        string                   `bun:"address"`
	City           string                   `bun:"city"`
	Postcode       string                   `bun:"postcode"`
	State          string                   `bun:"state"`
	Country        string                   `bun:"country"`
	WebsiteURL     string                   `bun:"website_url"`
	LinkedInURL    string                   `bun:"linkedin_url"`
	DateOfBirth    string                   `bun:"date_of_birth,type:date,nullzero"`
	Gender         string                   `bun:"gender"`
	Bio            string                   `bun:"bio"`
	InterestedIn   []string                 `bun:"interested_in,array"`
	EventInterests []string                 `bun:"event_interests,array"`
	OrganizationID string                   `bun:"organization_id,type:uuid,nullzero"`
	CRMID          string                   `bun:"crm_id"`
	Status         integration.MemberStatus `bun:"status"`
	RegisteredAt   time.Time                `bun:"registered_at"`
	UpdatedAt      time.Time                `bun:"updated_at"`
	DeletedAt      time.Time                `bun:"deleted_at,nullzero"`
}

// memberRows begins a query for living members into dest. Days are read as text:
// a day has no time zone, and a time.Time would give it one.
func memberRows(db bun.IDB, dest *[]memberRow, clientID string) *bun.SelectQuery {
	return db.NewSelect().Model(dest).ExcludeColumn("date_of_birth").ColumnExpr("m.date_of_birth::text as date_of_birth").
		Where("m.client_id = ? and m.deleted_at is null", clientID)
}

func (r memberRow) profile(memberships []integration.Membership) Profile {
	return Profile{
		Member: integration.Member{
			ID: r.ID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email,
			ContactNumber: r.ContactNumber, Mobile: r.Mobile, Company: r.Company,
			CompanyPhone: r.CompanyPhone, CompanyAddress: r.CompanyAddress, Position: r.Position,
			Address: r.Address, City: r.City, Postcode: r.Postcode, State: r.State, Country: r.Country,
			WebsiteURL: r.WebsiteURL, LinkedInURL: r.LinkedInURL, DateOfBirth: dayOf(r.DateOfBirth), Gender: r.Gender, Bio: r.Bio,
			InterestedIn: r.InterestedIn, EventInterests: r.EventInterests, OrganizationID: r.OrganizationID,
			Status: r.Status, RegisteredAt: r.RegisteredAt, Memberships: memberships,
		},
		CRMID: r.CRMID, UpdatedAt: r.UpdatedAt,
	}
}

func rowOf(clientID string, m integration.Member, updatedAt time.Time) memberRow {
	return memberRow{
		ID: m.ID, ClientID: clientID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email,
		ContactNumber: m.ContactNumber, Mobile: m.Mobile, Company: m.Company,
		CompanyPhone: m.CompanyPhone, CompanyAddress: m.CompanyAddress, Position: m.Position,
		Address: m.Address, City: m.City, Postcode: m.Postcode, State: m.State, Country: m.Country,
		WebsiteURL: m.WebsiteURL, LinkedInURL: m.LinkedInURL, DateOfBirth: m.DateOfBirth.String(), Gender: m.Gender, Bio: m.Bio,
		InterestedIn: append([]string{}, m.InterestedIn...), EventInterests: append([]string{}, m.EventInterests...), // never null
		OrganizationID: m.OrganizationID,
		Status:         m.Status, RegisteredAt: m.RegisteredAt, UpdatedAt: updatedAt,
	}
}

// dayOf reads a day as PostgreSQL prints it, "" as the zero Date.
func dayOf(text string) integration.Date {
	d, _ := integration.ParseDate(text)
	return d
}
