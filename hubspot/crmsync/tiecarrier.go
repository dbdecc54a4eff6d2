package crmsync

// tieCarrier carries contacts to their associations with companies.
type tieCarrier struct {
	*base
	pairs      *pairs
	belongings *belongings
}

// newTieCarrier returns a carrier over the tables in schema.
func newTieCarrier(b *base, schema string) *tieCarrier {
	return &tieCarrier{b, &pairs{b.db, tables{schema}}, &belongings{b.db, tables{schema}}}
}
