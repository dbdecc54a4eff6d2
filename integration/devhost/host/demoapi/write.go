package demoapi

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
)

type memberDoc struct {
	ID            string          `json:"id"`
	FirstName     string          `json:"firstName"`
	LastName      string          `json:"lastName"`
	Email         string          `json:"email"`
	ContactNumber string          `json:"contactNumber"`
	Mobile        string          `json:"mobile"`
	Company       string          `json:"company"`
	Position      string          `json:"position"`
	Address       string          `json:"address"`
	City          string          `json:"city"`
	Postcode      string          `json:"postcode"`
	State         string          `json:"state"`
	Country       string          `json:"country"`
	WebsiteURL    string          `json:"websiteUrl"`
	LinkedInURL   string          `json:"linkedinUrl"`
	Status        string          `json:"status"`
	RegisteredAt  time.Time       `json:"registeredAt"`
	UpdatedAt     time.Time       `json:"updatedAt"`
	Memberships   []membershipDoc `json:"memberships"`
}

type membershipDoc struct {
	ID        string     `json:"id"`
	Plan      string     `json:"plan"`
	PlanID    string     `json:"planId"`
	Status    string     `json:"status"`
	StartDate string     `json:"startDate"`
	EndDate   string     `json:"endDate,omitempty"`
	RenewedAt *time.Time `json:"renewedAt,omitempty"`
}

func docOf(p members.Profile) memberDoc {
	m := p.Member
	d := memberDoc{
		ID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, ContactNumber: m.ContactNumber,
		Mobile: m.Mobile, Company: m.Company, Position: m.Position, Address: m.Address, City: m.City,
		Postcode: m.Postcode, State: m.State, Country: m.Country, WebsiteURL: m.WebsiteURL, LinkedInURL: m.LinkedInURL,
		Status: string(m.Status), RegisteredAt: m.RegisteredAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
		Memberships: make([]membershipDoc, len(m.Memberships)),
	}
	for i, ms := range m.Memberships {
		d.Memberships[i] = membershipOf(ms)
	}
	return d
}

func membershipOf(ms integration.Membership) membershipDoc {
	d := membershipDoc{
		ID: ms.ID, Plan: ms.PlanName, PlanID: ms.PlanID, Status: string(ms.Status),
		StartDate: ms.StartDate.String(), EndDate: ms.EndDate.String(),
	}
	if !ms.RenewedAt.IsZero() {
		at := ms.RenewedAt.UTC()
		d.RenewedAt = &at
	}
	return d
}

func writeJSON(w http.ResponseWriter, status int, out any) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if out == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // the client has gone if this fails
}

func allowed(r route) string { return strings.Join(slices.Sorted(maps.Keys(r)), ", ") }
