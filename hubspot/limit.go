package hubspot

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// limiter keeps the portal's calls within its window before HubSpot does.
//
// It knows no limit of its own: the first call goes out alone, and the headers
// of its reply set the window. After a quiet time, or a 429, it starts over in
// the same way, for others may have used the window meanwhile. A 429 of the
// daily limit stops all calls until the account's midnight.
type limiter struct {
	next    http.RoundTripper
	wall    func() time.Time
	mono    func() time.Time
	reserve float64
	spare   time.Duration // that a wait leaves to the attempt
	logger  *slog.Logger

	mu       sync.Mutex
	last     Limits
	zone     *time.Location // nil: not told yet
	daily    time.Time      // wall clock: nothing goes out before
	blocked  time.Time      // monotonic: nothing goes out before
	window   *window        // nil: the next call goes out alone
	lanes    [lanes]laneLimit
	alone    bool // that call is on its way
	inFlight int
	used     time.Time     // monotonic: when a call last began or ended
	changed  chan struct{} // closed when those who wait must look again
}

func newLimiter(cfg Config, next http.RoundTripper) *limiter {
	return &limiter{
		next:    next,
		wall:    cfg.Now,
		mono:    time.Now,
		reserve: cfg.Reserve,
		spare:   headroom(cfg),
		logger:  cfg.Logger,
		changed: make(chan struct{}),
	}
}

// RoundTrip waits for the attempt's turn, sends it and learns from the reply.
func (l *limiter) RoundTrip(req *http.Request) (*http.Response, error) {
	p := passageOf(req.Context())
	first, err := l.acquire(req.Context(), p)
	if err != nil {
		return nil, err
	}
	returned := false
	defer func() {
		if !returned { // a panic below must not keep the window waiting
			l.release(first, nil, p)
		}
	}()
	resp, err := l.next.RoundTrip(req)
	returned = true
	l.release(first, resp, p)
	return resp, err
}

// acquire returns when the call may go out; first means that it goes alone. It
// fails at once when its turn cannot come before the deadline.
func (l *limiter) acquire(ctx context.Context, p *passage) (first bool, err error) {
	patience := ctx
	latest, bounded := latestStart(ctx, l.mono(), l.spare)
	if bounded {
		var done context.CancelFunc
		patience, done = context.WithDeadline(ctx, latest)
		defer done()
	}
	for {
		if ctx.Err() != nil {
			return false, gaveUp(ctx, true)
		}
		l.mu.Lock()
		now := l.mono()
		if f := l.spent(); f != nil {
			l.mu.Unlock()
			return false, f
		}
		l.startOverWhenQuiet(now)
		changed := l.changed
		own := &l.lanes[p.lane]
		own.resize(p.lane, now, l.last)
		var t turn
		switch {
		case l.blocked.After(now):
			t.wait = l.blocked.Sub(now)
		case l.window == nil && l.alone:
			t.wait = -1 // until something changes
		case own.wait(now) > 0:
			t.wait = own.wait(now)
		case l.window == nil:
			own.take(now)
			l.alone = true
			l.begin(now)
			l.mu.Unlock()
			return true, nil
		default:
			t = l.window.take(now, p.console)
			if t.wait == 0 {
				own.take(now)
				l.begin(now)
				l.mu.Unlock()
				return false, nil
			}
			// Until its turn comes the window is not quiet.
			l.used = now.Add(t.wait)
		}
		l.mu.Unlock()
		if bounded && now.Add(t.wait).After(latest) {
			l.giveBack(t)
			return false, &failure{code: CodeThrottled, unsent: true, retryAfter: max(t.wait, 0)}
		}
		ready, f := await(patience, t.wait, changed)
		if f != nil {
			l.giveBack(t)
			return false, f
		}
		if ready && t.reserved() && l.stillMine(changed, p.lane) {
			return false, nil
		}
		l.giveBack(t)
	}
}

// stillMine begins a call whose turn has come, unless everything changed, or others
// were faster in its lane.
func (l *limiter) stillMine(changed chan struct{}, in lane) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed != changed || !l.lanes[in].take(l.mono()) {
		return false
	}
	l.begin(l.mono())
	return true
}

func (l *limiter) begin(now time.Time) {
	l.inFlight++
	l.used = now
}

func (l *limiter) giveBack(t turn) {
	if t.reserved() {
		l.mu.Lock()
		t.cancel(l.mono())
		l.mu.Unlock()
	}
}

// spent refuses calls while the daily limit holds.
func (l *limiter) spent() *failure {
	if l.daily.IsZero() {
		return nil
	}
	rest := l.daily.Sub(l.wall())
	if rest <= 0 {
		l.daily = time.Time{}
		return nil
	}
	return &failure{
		code:       CodeDailyLimit,
		unsent:     true,
		retryAfter: rest,
		cause:      &DailyLimitError{Until: l.daily},
	}
}

// startOverWhenQuiet forgets the window when no call used it for its length:
// another process may hold the portal's work meanwhile.
func (l *limiter) startOverWhenQuiet(now time.Time) {
	if l.window != nil && l.inFlight == 0 && now.Sub(l.used) > l.last.Window {
		l.window = nil
	}
}

// release learns from the reply, nil if there was none.
func (l *limiter) release(first bool, resp *http.Response, p *passage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.mono()
	l.inFlight--
	l.used = now
	if first {
		l.alone = false
		defer l.wakeAll()
	}
	if resp == nil {
		return
	}
	was := l.last
	told := readLimits(resp.Header, &l.last)
	l.last.At = l.wall()
	if resp.StatusCode == http.StatusTooManyRequests {
		l.exhausted(now, resp, p)
		return
	}
	switch {
	case !told:
	case l.window == nil && !first:
		// A straggler of before the 429: the lone call will tell.
	case l.window == nil, was.Max != l.last.Max, was.Window != l.last.Window:
		l.window = newWindow(now, l.last, l.reserve)
		l.window.lower(now, l.last.Remaining-l.inFlight)
		l.wakeAll()
	default:
		l.window.lower(now, l.last.Remaining-l.inFlight)
	}
}

// wakeAll makes everybody who waits look again.
func (l *limiter) wakeAll() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// exhausted draws the consequence of a 429 from its policy.
func (l *limiter) exhausted(now time.Time, resp *http.Response, p *passage) {
	e := decodeError(replyBytes(resp))
	p.policy = e.Policy
	asked := retryAfter(resp.Header, l.wall())
	switch {
	case strings.Contains(e.Policy, "DAILY"):
		l.daily = l.renewal()
		p.daily = l.daily
		p.pause = max(l.daily.Sub(l.wall()), 0)
	case e.Policy == "SECONDLY":
		p.pause = max(asked, time.Second)
	default:
		p.pause = asked
		if asked == 0 {
			p.pause = defaultWindow
			if l.last.Window > 0 {
				p.pause = l.last.Window
			}
		}
	}
	l.logger.Warn("hubspot limit reached", slog.String("call", p.op), slog.String("policy", e.Policy),
		slog.Duration("pause", p.pause), slog.String("correlation_id", e.CorrelationID))
	if p.lane == laneSearch && e.Policy == "SECONDLY" {
		l.lanes[laneSearch].blocked = now.Add(p.pause) // the window has nothing to do with it
		return
	}
	if p.daily.IsZero() {
		if until := now.Add(p.pause); until.After(l.blocked) {
			l.blocked = until
		}
	}
	l.window = nil
	l.wakeAll()
}

// renewal is when the daily limit is renewed: the account's midnight. As long
// as nobody told its time zone, a guess could cost a day, so we look hourly.
func (l *limiter) renewal() time.Time {
	now := l.wall()
	if l.zone == nil {
		return now.Add(time.Hour)
	}
	return nextMidnight(now.In(l.zone))
}

func (l *limiter) timeZone() *time.Location {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.zone
}

func (l *limiter) setZone(zone *time.Location) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.zone = zone
}

func (l *limiter) limits() Limits {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.last
	if rest := l.blocked.Sub(l.mono()); !l.blocked.IsZero() && rest > 0 {
		out.BlockedUntil = l.wall().Add(rest)
	}
	if l.spent() != nil {
		out.DailyUntil = l.daily
	}
	return out
}

// await returns true when the wait is over, false when something changed. A
// negative wait ends only by a change.
func await(ctx context.Context, wait time.Duration, changed <-chan struct{}) (bool, *failure) {
	var due <-chan time.Time
	if wait >= 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-due:
		return true, nil
	case <-changed:
		return false, nil
	case <-ctx.Done():
		if ctx.Err() == context.Canceled {
			return false, gaveUp(ctx, true)
		}
		return false, &failure{code: CodeThrottled, unsent: true, cause: context.DeadlineExceeded}
	}
}
