package integration

import (
	"context"
	"database/sql"
	"time"
)

// LinkBuilder makes links that lead from the vendor's pages back to the host's.
type LinkBuilder interface {
	// Link returns the absolute https address of the host's page about ref, ""
	// if it has none: a kind without pages, a key that is no UUID. On the
	// machine itself http will do. It is pure: no I/O, and the same ref has the
	// same link always. It names ids and nothing else: whoever reads the
	// vendor's page sees it. Addresses of other hosts than the deployer has
	// allowed are left out.
	Link(clientID string, ref Ref) string
}

// CRMID says that an entity of the host is this record of the vendor's. An
// empty ID takes it back.
type CRMID struct {
	Ref Ref // a member or a ticket
	ID  string
}

// CRMIDWriter writes the locked "CRM ID" of members and tickets.
type CRMIDWriter interface {
	// WriteCRMIDs stores ids within tx, the transaction that settles what was
	// sent: both commit or neither. It touches nothing else, records no change
	// and skips entities that are gone. An id that is stored already is stored
	// again without harm. Sending does not wait for an id that is refused: the
	// refusal is logged, and the id told again, at intervals that grow to an hour,
	// until it is taken or the tenant disconnects.
	WriteCRMIDs(ctx context.Context, tx *sql.Tx, clientID string, ids []CRMID) error
}

// Calendar tells the tenant's time zone, which decides the calendar day of a
// moment.
type Calendar interface {
	// TimeZone returns the tenant's location, never nil without an error. A
	// tenant that has set none has [time.UTC], never the machine's zone. After
	// an error nothing is sent, and it is asked again later.
	TimeZone(ctx context.Context, clientID string) (*time.Location, error)
}

// PlanLister lists the tenant's membership plans, for choices on a page.
type PlanLister interface {
	// Plans returns the plans as options, in the order in which a page shows
	// them: the id, a UUID as in [Membership], and the name. A tenant that there
	// is not has none.
	Plans(ctx context.Context, clientID string) ([]Option, error)
}
