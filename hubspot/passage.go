package hubspot

import (
	"context"
	"sync/atomic"
	"time"
)

// passage is what the layers know of one call while it passes through them. A
// RoundTripper gets nothing but the request, so it travels in its context;
// nothing outside this package sees it. Attempts of a call follow each other,
// so plain fields are enough, except where the transport's hooks write.
type passage struct {
	op         string
	lane       lane // whose limit it also counts against
	write      bool // the call changes the portal
	repeatable bool // sending it twice does no more than sending it once
	console    bool // may draw on the reserved share

	attempts int
	doubt    bool          // an earlier attempt may have been carried out
	pause    time.Duration // what the last 429 asks to wait
	policy   string        // of the last 429
	daily    time.Time     // the daily limit holds until then

	traced atomic.Bool // the transport reports its progress
	sent   atomic.Bool // this attempt's request has gone out, at least in part
}

type passageKey struct{}

func withPassage(ctx context.Context, p *passage) context.Context {
	return context.WithValue(ctx, passageKey{}, p)
}

// passageOf returns the call's passage, or an empty one for a request that did
// not come from this client.
func passageOf(ctx context.Context) *passage {
	if p, ok := ctx.Value(passageKey{}).(*passage); ok {
		return p
	}
	return &passage{}
}

// reached reports whether HubSpot may have seen this attempt. A transport that
// does not report its progress is taken to have sent it.
func (p *passage) reached() bool {
	return p.sent.Load() || !p.traced.Load()
}

// failure is an attempt without a reply. It never quotes the peer.
type failure struct {
	code       string
	unsent     bool // HubSpot cannot have seen the request
	retryAfter time.Duration
	cause      error
}

func (f *failure) Error() string { return "hubspot: " + f.code }

func (f *failure) Unwrap() error { return f.cause }

// gaveUp turns the end of a context into a failure.
func gaveUp(ctx context.Context, unsent bool) *failure {
	if ctx.Err() == context.Canceled {
		return &failure{code: CodeCanceled, unsent: unsent, cause: context.Canceled}
	}
	return &failure{code: CodeTimeout, unsent: unsent, cause: context.DeadlineExceeded}
}
