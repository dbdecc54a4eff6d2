package integration

import (
	"fmt"
	"time"
)

// Entity is the current state of one thing: a [Member] today; organizations
// and tickets join it. The set is sealed: only this package adds to it.
type Entity interface {
	Ref() Ref
	entity()
}

// Member is one member of the tenant with its memberships, as the host's
// member profile has it. Empty fields mean "not known".
type Member struct {
	ID            string
	FirstName     string
	LastName      string
	Email         string
	ContactNumber string
	Mobile        string
	Company       string // free text, not an organization
	Position      string
	Address       string
	City          string
	Postcode      string
	State         string
	Country       string
	WebsiteURL    string
	LinkedInURL   string
	Status        MemberStatus
	RegisteredAt  time.Time
	Memberships   []Membership
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
	Status    MembershipStatus
	StartDate Date
	EndDate   Date
	RenewedAt time.Time // zero: never
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
	return nil
}

// Date is a day of the tenant's calendar, without a time zone. The zero Date
// means "not known".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2006-01-02".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("integration: date %q: want the form 2006-01-02", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is not known.
func (d Date) IsZero() bool { return d == Date{} }

// String returns "2006-01-02", or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool {
	return d.Year < e.Year || d.Year == e.Year && (d.Month < e.Month || d.Month == e.Month && d.Day < e.Day)
}
