package outbox

import "errors"

var (
	// ErrClaimLost means that another holder may have the tenant's partition now.
	// Nothing of the refused call was done. Make no further call for the batch:
	// its rows are still there and the present holder delivers them.
	ErrClaimLost = errors.New("outbox: claim lost")
	// ErrSettled refuses a second Settle of one batch.
	ErrSettled = errors.New("outbox: batch is already settled")
	// ErrClosed refuses work after Close.
	ErrClosed = errors.New("outbox: closed")
	// ErrUnknownKind refuses an entry whose kind Config.Kinds does not list.
	ErrUnknownKind = errors.New("outbox: unknown kind")
	// ErrPayloadTooLarge refuses a payload over MaxPayload bytes.
	ErrPayloadTooLarge = errors.New("outbox: payload too large")
	// ErrInvalidEntry refuses an entry that PostgreSQL or the drain could not take.
	ErrInvalidEntry = errors.New("outbox: invalid entry")
	// ErrInvalidBatch says that a message does not carry a batch of this package.
	ErrInvalidBatch = errors.New("outbox: invalid batch")
)
