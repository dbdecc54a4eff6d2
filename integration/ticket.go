package integration

import "time"

// Ticket is a support ticket. Statuses are the host's own words and are shown
// as they come.
type Ticket struct {
	ID      string
	Number  string // as people know it
	Subject string
	Status  string
	// MemberID is the member who asked, "" if it was nobody of the members.
	MemberID  string
	CreatedAt time.Time
	UpdatedAt time.Time
	// History are the changes of status, the first one included, in any order.
	History []TicketStatusChange
	Replies []TicketReply
}

// Ref implements [Entity].
func (t Ticket) Ref() Ref { return Ref{Kind: KindTicket, Key: t.ID} }
func (Ticket) entity()    {}

// TicketStatusChange is one step in the life of a ticket.
type TicketStatusChange struct {
	Status string
	At     time.Time
}

// TicketReply is one reply. Only what is marked public can ever leave: the zero
// value is internal.
type TicketReply struct {
	Public bool
	At     time.Time
	Text   string
}
