package crmsync

import "time"

// noteCarrier carries activities and support tickets to notes.
type noteCarrier struct {
	*base
	ledger *noteLedger
	rest   time.Duration // how long after a call without a reply its notes are looked for
}

// newNoteCarrier returns a carrier over the tables in schema.
func newNoteCarrier(b *base, schema string, rest time.Duration) *noteCarrier {
	return &noteCarrier{b, &noteLedger{b.db, tables{schema}}, rest}
}
