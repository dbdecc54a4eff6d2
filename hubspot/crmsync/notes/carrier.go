package notes

import (
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
)

// Carrier carries activities and support tickets to notes.
type Carrier struct {
	*carry.Base
	Ledger *noteLedger

	rest    time.Duration // how long after a call without a reply its notes are looked for
	keyRest time.Duration // how long a new property of the key is left alone
}

// New returns a carrier over the tables in schema.
func New(b *carry.Base, schema string, rest time.Duration) *Carrier {
	return &Carrier{Base: b, Ledger: &noteLedger{b.DB, ledger.Tables{Schema: schema}}, rest: rest, keyRest: min(rest, noteKeyRest)}
}
