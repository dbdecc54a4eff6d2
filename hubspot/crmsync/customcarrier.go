package crmsync

// customEventCarrier carries activities to custom events.
type customEventCarrier struct {
	*base
	tables
}

// newCustomEventCarrier returns a carrier over the tables in schema.
func newCustomEventCarrier(b *base, schema string) *customEventCarrier {
	return &customEventCarrier{b, tables{schema}}
}
