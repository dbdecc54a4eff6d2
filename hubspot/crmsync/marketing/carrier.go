package marketing

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Carrier carries the host's events to marketing events, and what
// members do at them.
type Carrier struct {
	*carry.Base
	Ledger *marketingLedger
}

// New returns a carrier over the tables in schema.
func New(b *carry.Base, schema string) *Carrier {
	return &Carrier{b, &marketingLedger{b.DB, ledger.Tables{Schema: schema}}}
}
