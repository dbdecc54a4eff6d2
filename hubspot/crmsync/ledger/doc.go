// Package ledger is what the sync remembers of a portal: the connection, identity
// links, and sync records. What only one carrier needs, that carrier keeps itself.
// Whatever tells of a delivery is written in the transaction that settles it.
package ledger
