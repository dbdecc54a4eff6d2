package hubspot

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// maxRepeats is how often one call is sent again. Longer waits belong to the
// caller's own schedule.
const maxRepeats = 2

// retry repeats attempts inside the call's deadline, and only of calls that
// are safe to send twice: reads, updates by id, upserts by key, archives.
type retry struct {
	next http.RoundTripper
	mono func() time.Time
	wall func() time.Time

	spare time.Duration // that a wait leaves to the attempt
}

func newRetry(cfg Config, next http.RoundTripper) *retry {
	return &retry{next: next, mono: time.Now, wall: cfg.Now, spare: headroom(cfg)}
}

// RoundTrip returns the last attempt's reply or failure.
func (r *retry) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	p := passageOf(ctx)
	for repeats := 0; ; repeats++ {
		again, err := rewound(req)
		if err != nil {
			return nil, err
		}
		p.attempts++
		resp, err := r.next.RoundTrip(again)
		if !p.repeatable || repeats == maxRepeats || ctx.Err() != nil {
			return resp, err
		}
		wait, ok := r.pause(p, repeats, resp, err)
		if !ok || !r.fits(ctx, wait) {
			return resp, err
		}
		p.doubt = p.doubt || doubtful(resp, err)
		if f := sleep(ctx, wait); f != nil {
			return nil, f
		}
	}
}

// pause decides whether the attempt is worth repeating, and after how long.
func (r *retry) pause(p *passage, repeats int, resp *http.Response, err error) (time.Duration, bool) {
	backoff := jitter(200 * time.Millisecond << repeats)
	if err != nil {
		f, ok := asFailure(err)
		return backoff, ok && (f.code == CodeNetwork || f.code == CodeTimeout)
	}
	asked := retryAfter(resp.Header, r.wall())
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		return p.pause, p.daily.IsZero()
	case statusLocked:
		return max(asked, jitter(2*time.Second)+time.Second), true
	case http.StatusRequestTimeout, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527:
		return max(asked, backoff), true
	}
	return 0, false
}

// fits reports whether the call's deadline leaves time for anything after the
// wait.
func (r *retry) fits(ctx context.Context, wait time.Duration) bool {
	now := r.mono()
	latest, bounded := latestStart(ctx, now, r.spare)
	return !bounded || !now.Add(wait).After(latest)
}

// doubtful reports whether the attempt may have been carried out.
func doubtful(resp *http.Response, err error) bool {
	if f, ok := asFailure(err); ok {
		return !f.unsent
	}
	return resp != nil && resp.StatusCode >= 500
}

// rewound returns the request with an unread body.
func rewound(req *http.Request) (*http.Request, error) {
	out := req.Clone(req.Context())
	if req.GetBody == nil {
		return out, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, &failure{code: CodeNetwork, unsent: true}
	}
	out.Body = io.NopCloser(body)
	return out, nil
}

// jitter spreads a wait over half to one and a half of it.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}

// sleep waits, or fails at once when the caller gives up.
func sleep(ctx context.Context, d time.Duration) *failure {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return gaveUp(ctx, true)
	}
}
