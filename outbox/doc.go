// Package outbox is a transactional outbox on PostgreSQL that drains into
// Watermill.
//
// What a host records with Append, in its own transaction, is delivered at least
// once if that transaction commits, and never if it does not. Recording is one
// INSERT: no network, no shared row, no NOTIFY. Draining is shared by any number
// of processes through the database alone, one holder per tenant at a time, and
// goes on where a holder was killed.
//
// # The journey of an entry
//
//  1. Append inserts a row, if the tenant's gate is open (Open, Shut).
//  2. A process that drains learns of the commit: QueryHook or RunInTx tell it,
//     else it probes a few milliseconds after Append, looks at recently active
//     tenants every 100 ms, and at all tenants every 500 ms. Only the last is
//     needed for correctness.
//  3. It takes the tenant's lease and reads a window of rows, lane by lane, from
//     a floor. No row is written to be claimed.
//  4. Rows of one key become one delivery, deliveries of one kind, route and lane
//     become a batch of at most 100. A subject is never in two batches at once.
//  5. The batch is a message on TopicBatches. The handler asks Guard before each
//     call that it makes, and ends with Settle.
//  6. Settle commits the handler's own writes, deletes the rows, and sets aside
//     what must wait, all in one transaction that only the lease's present term
//     can commit.
//
// # States of a delivery
//
// Rows have no status column. What waits is a row, what is in flight is known to
// the holder alone, what was set aside is in a table of its own.
//
//	  Append
//	    │
//	    ▼           claim                     Settle: Delivered, Discard
//	┌─────────┐ ────────────▶ ┌───────────┐ ────────────────────────────▶ gone
//	│ waiting │               │ in flight │
//	└─────────┘ ◀──────────── └───────────┘
//	            Snooze, or      │       ▲
//	            holder died     │       │ its time has come (Retry), its key was
//	            (then Doubt)    │       │ settled (Wait), Resend, or a new change
//	     Settle: Retry, Wait,   │       │ of its key
//	     Hold                   ▼       │
//	                  ┌──────────────────────────────┐
//	                  │ set aside                    │
//	                  │ until due · for a key · held │
//	                  └──────────────────────────────┘
//
// A new change of a key that is set aside is a new row: both become one delivery,
// and success ends both. Only whole partitions park (Settlement.Park).
//
// # What not to assume
//
// Delivery is at least once: a call whose settlement was lost is made again, and
// its delivery then says Doubt. Entries of different subjects have no order. A
// state entry says that something changed, not what: read the present state when
// it is handled. A batch that is acked without Settle is not done; it is set
// aside as a bug.
//
// The raw topics of Raw run on the same engine: one row is one message, Ack
// deletes it.
package outbox
