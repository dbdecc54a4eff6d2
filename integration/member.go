package integration

import (
	"fmt"
	"time"
)

// Member is one member of the tenant as the host's member profile has it, with
// everything that belongs to it: all memberships, event registrations and
// course enrollments, past ones too, in any order. What they say decides the
// member's tags, so one that is missing is a tag that ends. Empty fields mean
// "not known".
type Member struct {
	ID             string
	FirstName      string
	LastName       string
	Email          string
	ContactNumber  string
	Mobile         string
	Company        string // free text, not an organization
	CompanyPhone   string
	CompanyAddress string
	Position       string
	Address        string
	City           string
	Postcode       string
	State          string
	Country        string
	WebsiteURL     string
	LinkedInURL    string
	DateOfBirth    Date
	Gender         string
	Bio            string
	InterestedIn   []string // categories
	EventInterests []string // event categories
	Status         MemberStatus
	RegisteredAt   time.Time
	// OrganizationID is the organization that the member belongs to, "" if to
	// none. A member is in one organization at a time.
	OrganizationID string

	Memberships   []Membership
	Registrations []Registration
	Enrollments   []Enrollment
}

// Ref implements [Entity].
func (m Member) Ref() Ref { return Ref{Kind: KindMember, Key: m.ID} }
func (Member) entity()    {}

// MemberStatus is the host's status of a member.
type MemberStatus string

// The member statuses of the host.
const (
	MemberActive    MemberStatus = "active"
	MemberInactive  MemberStatus = "inactive"
	MemberSuspended MemberStatus = "suspended"
	MemberPending   MemberStatus = "pending"
)

// Membership is one period of one plan. A member may have many past ones.
type Membership struct {
	ID        string
	PlanID    string
	PlanName  string
	PriceType string // "monthly" or "annually"
	Status    MembershipStatus
	// StatusSince is when the present status began; zero: not known. It moves
	// only when the status does.
	StatusSince time.Time
	StartDate   Date
	EndDate     Date
	RenewedAt   time.Time // last renewal; zero: never
	// UpgradedAt is when the membership last moved up to its present plan,
	// UpgradedFrom the name of the plan before; zero: never.
	UpgradedAt   time.Time
	UpgradedFrom string
	// DowngradedAt is when it last moved down to its present plan; zero: never.
	DowngradedAt time.Time
	// DowngradeScheduledAt is when the downgrade that is now scheduled was
	// asked for; zero once it is applied or withdrawn.
	DowngradeScheduledAt time.Time
	DowngradeTo          string // plan name
	DowngradeOn          Date
}

// MembershipStatus is decided by the host; the plugin never computes it from
// dates.
type MembershipStatus string

// The membership statuses of the host.
const (
	MembershipActive    MembershipStatus = "active"
	MembershipExpiring  MembershipStatus = "expiring"
	MembershipExpired   MembershipStatus = "expired"
	MembershipSuspended MembershipStatus = "suspended"
	MembershipCancelled MembershipStatus = "cancelled"
)

// Validate reports the first value that the contract does not know, by field
// and value, so that an unknown status is refused and not guessed at.
func (m Member) Validate() error {
	switch m.Status {
	case MemberActive, MemberInactive, MemberSuspended, MemberPending:
	default:
		return fmt.Errorf("integration: member status %q is not one of active, inactive, suspended, pending", string(m.Status))
	}
	for _, ms := range m.Memberships {
		switch ms.Status {
		case MembershipActive, MembershipExpiring, MembershipExpired, MembershipSuspended, MembershipCancelled:
		default:
			return fmt.Errorf("integration: membership status %q is not one of active, expiring, expired, suspended, cancelled", string(ms.Status))
		}
	}
	for _, r := range m.Registrations {
		if err := r.validate(); err != nil {
			return err
		}
	}
	for _, e := range m.Enrollments {
		if err := e.validate(); err != nil {
			return err
		}
	}
	return nil
}
