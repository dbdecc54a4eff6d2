package integration

// Organization is a group or corporate membership with its company profile. It
// is never the tenant itself. Empty fields mean "not known".
type Organization struct {
	ID          string
	Name        string
	Description string
	Domain      string // "example.org", if the host has it
	WebsiteURL  string
	Phone       string
	Address     string
	City        string
	Postcode    string
	State       string
	Country     string
	GroupID     string // the host's number of the group
	PlanName    string
	StartDate   Date
	EndDate     Date
	Seats       int // 0: not known
	SeatsTaken  int
}

// Ref implements [Entity].
func (o Organization) Ref() Ref { return Ref{Kind: KindOrganization, Key: o.ID} }
func (Organization) entity()    {}
