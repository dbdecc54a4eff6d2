package customevents

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Carrier carries activities to custom events.
type Carrier struct {
	*carry.Base
	ledger.Tables
}

// New returns a carrier over the tables in schema.
func New(b *carry.Base, schema string) *Carrier {
	return &Carrier{b, ledger.Tables{Schema: schema}}
}
