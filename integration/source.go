package integration

import "context"

// Source reads the host's data. The host implements it over its primary
// database, never over a replica: a change must be readable as soon as its
// transaction has committed. Implementations are safe for concurrent use.
type Source interface {
	// Load reads the current state of up to 100 entities of one tenant, of the
	// kinds member, organization, ticket and event, and answers every ref:
	// found, gone or error. A ref without an answer is tried again later, and so
	// is the whole batch after an error. Entities of other tenants are gone.
	Load(ctx context.Context, clientID string, refs []Ref) ([]Loaded, error)
	// Keys lists the keys of one kind in ascending order, after the key after
	// ("" = from the start), at most limit. Fewer than limit means the end. A
	// kind that the host does not have is empty.
	Keys(ctx context.Context, clientID string, kind Kind, after string, limit int) ([]string, error)
	// Count returns how many keys a full walk by Keys finds now.
	Count(ctx context.Context, clientID string, kind Kind) (int, error)
}

// Loaded is a [Source]'s answer for one ref: exactly one of Entity, Gone and
// Err is set.
type Loaded struct {
	Ref    Ref
	Entity Entity
	Gone   bool  // does not exist (any more)
	Err    error // could not be read now
}
