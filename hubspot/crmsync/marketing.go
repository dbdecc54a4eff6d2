package crmsync

// marketingCarrier carries the host's events to marketing events, and what
// members do at them.
type marketingCarrier struct {
	*base
	ledger *marketingLedger
}

// newMarketingCarrier returns a carrier over the tables in schema.
func newMarketingCarrier(b *base, schema string) *marketingCarrier {
	return &marketingCarrier{b, &marketingLedger{b.db, tables{schema}}}
}
