package associations

import (
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Carrier carries contacts to their associations with companies.
type Carrier struct {
	*carry.Base
	pairs      *pairs
	Belongings *belongings
}

// New returns a carrier over the tables in schema.
func New(b *carry.Base, schema string) *Carrier {
	return &Carrier{b, &pairs{b.DB, ledger.Tables{Schema: schema}}, &belongings{b.DB, ledger.Tables{Schema: schema}}}
}
