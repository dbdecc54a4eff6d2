package outbox

import "context"

// conns bounds the database connections that draining uses at once. One place
// is apart, so that a lease is renewed however busy the rest is.
type conns struct{ busy, apart chan struct{} }

func newConns(n int) *conns {
	return &conns{busy: make(chan struct{}, n-1), apart: make(chan struct{}, 1)}
}

// work runs fn with one of the shared connections.
func (c *conns) work(ctx context.Context, fn func() error) error { return within(ctx, c.busy, fn) }

// control runs fn with the connection that is apart.
func (c *conns) control(ctx context.Context, fn func() error) error { return within(ctx, c.apart, fn) }

func within(ctx context.Context, places chan struct{}, fn func() error) error {
	select {
	case places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-places }()
	return fn()
}
