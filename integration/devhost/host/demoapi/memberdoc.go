package demoapi

import (
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

type memberDoc struct {
	ID             string          `json:"id"`
	CRMID          string          `json:"crmId"`
	FirstName      string          `json:"firstName"`
	LastName       string          `json:"lastName"`
	Email          string          `json:"email"`
	ContactNumber  string          `json:"contactNumber"`
	Mobile         string          `json:"mobile"`
	Company        string          `json:"company"`
	CompanyPhone   string          `json:"companyPhone"`
	CompanyAddress string          `json:"companyAddress"`
	Position       string          `json:"position"`
	Address        string          `json:"address"`
	City           string          `json:"city"`
	Postcode       string          `json:"postcode"`
	State          string          `json:"state"`
	Country        string          `json:"country"`
	WebsiteURL     string          `json:"websiteUrl"`
	LinkedInURL    string          `json:"linkedinUrl"`
	DateOfBirth    string          `json:"dateOfBirth"`
	Gender         string          `json:"gender"`
	Bio            string          `json:"bio"`
	InterestedIn   []string        `json:"interestedIn"`
	EventInterests []string        `json:"eventInterests"`
	OrganizationID *string         `json:"organizationId"` // null = none
	Status         string          `json:"status"`
	RegisteredAt   time.Time       `json:"registeredAt"`
	UpdatedAt      time.Time       `json:"updatedAt"`
	Memberships    []membershipDoc `json:"memberships"`
}

// wholeMemberDoc is a member with what other modules know.
type wholeMemberDoc struct {
	memberDoc
	Registrations []registrationDoc `json:"registrations"`
	Enrollments   []enrollmentDoc   `json:"enrollments"`
}

type membershipDoc struct {
	ID                   string     `json:"id"`
	Plan                 string     `json:"plan"`
	PlanID               string     `json:"planId"`
	PriceType            string     `json:"priceType"`
	Status               string     `json:"status"`
	StatusSince          *time.Time `json:"statusSince,omitempty"`
	StartDate            string     `json:"startDate"`
	EndDate              string     `json:"endDate,omitempty"`
	RenewedAt            *time.Time `json:"renewedAt,omitempty"`
	UpgradedAt           *time.Time `json:"upgradedAt,omitempty"`
	UpgradedFrom         string     `json:"upgradedFrom,omitempty"`
	DowngradedAt         *time.Time `json:"downgradedAt,omitempty"`
	DowngradeScheduledAt *time.Time `json:"downgradeScheduledAt,omitempty"`
	DowngradeTo          string     `json:"downgradeTo,omitempty"`
	DowngradeOn          string     `json:"downgradeOn,omitempty"`
}

func docOf(p members.Profile) memberDoc {
	m := p.Member
	return memberDoc{
		ID: m.ID, CRMID: p.CRMID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, ContactNumber: m.ContactNumber,
		Mobile: m.Mobile, Company: m.Company, CompanyPhone: m.CompanyPhone, CompanyAddress: m.CompanyAddress,
		Position: m.Position, Address: m.Address, City: m.City,
		Postcode: m.Postcode, State: m.State, Country: m.Country, WebsiteURL: m.WebsiteURL, LinkedInURL: m.LinkedInURL,
		DateOfBirth: m.DateOfBirth.String(), Gender: m.Gender, Bio: m.Bio,
		InterestedIn: append([]string{}, m.InterestedIn...), EventInterests: append([]string{}, m.EventInterests...),
		OrganizationID: id(m.OrganizationID),
		Status:         string(m.Status), RegisteredAt: m.RegisteredAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
		Memberships: all(m.Memberships, membershipOf),
	}
}

func membershipOf(ms integration.Membership) membershipDoc {
	return membershipDoc{
		ID: ms.ID, Plan: ms.PlanName, PlanID: ms.PlanID, PriceType: ms.PriceType,
		Status: string(ms.Status), StatusSince: at(ms.StatusSince),
		StartDate: ms.StartDate.String(), EndDate: ms.EndDate.String(), RenewedAt: at(ms.RenewedAt),
		UpgradedAt: at(ms.UpgradedAt), UpgradedFrom: ms.UpgradedFrom, DowngradedAt: at(ms.DowngradedAt),
		DowngradeScheduledAt: at(ms.DowngradeScheduledAt), DowngradeTo: ms.DowngradeTo, DowngradeOn: ms.DowngradeOn.String(),
	}
}

// at is a moment, nil for none.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// id is the id of something, nil for none.
func id(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// all maps a list; none is an empty list in JSON, not null.
func all[T, D any](list []T, doc func(T) D) []D {
	out := make([]D, len(list))
	for i, one := range list {
		out[i] = doc(one)
	}
	return out
}
