package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"time"
)

// RouteFunc labels keys of one kind, in their order; only keys of one label
// share a batch. It is called while a batch is put together and may read the
// database; an error postpones the batch.
type RouteFunc func(ctx context.Context, tenant, kind string, keys []string) ([]string, error)

// Config tunes an Outbox. The zero value of every field but Kinds has a default,
// which WithDefaults writes out.
type Config struct {
	// Schema holds the tables hubspot_outbox, hubspot_outbox_tenant and
	// hubspot_outbox_aside. Default "public".
	Schema string
	// Kinds are the accepted kinds. Rows of other kinds, left by another
	// release, are set aside for a human.
	Kinds map[string]Kind
	// Route labels keys. Nil: every key has the same label.
	Route RouteFunc
	// Ceiling is the most batches in flight that the handler wants for a tenant
	// now, 1 while a breaker is not closed. Nil: MaxInFlight.
	Ceiling func(tenant string) int

	// BatchSize is the most deliveries in a batch. Default 100.
	BatchSize int
	// MaxInFlight is the most batches in flight per tenant. Default 32.
	MaxInFlight int
	// MaxTenants is the most tenants that this process holds at once. Default 256.
	MaxTenants int
	// MaxConns is the most database connections that draining uses. Default 8,
	// at least 3, one of which is kept for leases and discovery.
	MaxConns int
	// Window is the most rows of one lane of a tenant kept in memory. Default 5000.
	Window int
	// Page is the most rows of one lane read at once. Default 1000.
	Page int
	// BackfillShare: one batch in so many starts from the backfill lane, even
	// while live changes wait. Default 8.
	BackfillShare int
	// MaxAttempts holds a record for a human after so many attempts that ended
	// in a bug (a panic, no answer of the handler). Default 5.
	MaxAttempts int

	// CallTimeout is how long one call of the handler may take; what is left of
	// a lease must cover it. Default 10 s.
	CallTimeout time.Duration
	// LeaseTTL is a lease's length. Default 30 s; at least twice CallTimeout.
	LeaseTTL time.Duration
	// RenewEvery is how often a lease is renewed. Default LeaseTTL / 3.
	RenewEvery time.Duration
	// Idle is how long a lease is kept after its window is empty. Default 5 s.
	Idle time.Duration
	// Hold is how long a lease is kept at most while other tenants wait for
	// this process. Default 60 s.
	Hold time.Duration
	// Trail is how far the floor trails behind the highest id seen, so that
	// transactions shorter than this are found in the window. Default 5 s.
	Trail time.Duration
	// SweepEvery is how often rows below the floor are looked for. Default 30 s.
	SweepEvery time.Duration
	// Poll is how often all tenants are looked at. Default 500 ms.
	Poll time.Duration
	// RecentEvery is how often recently active tenants are looked at. Default 100 ms.
	RecentEvery time.Duration
	// Linger is how long a batch that is not full waits for more, while another
	// one that was not full is in flight. Default 250 ms.
	Linger time.Duration
	// SnoozeMin and SnoozeMax bound the rest after a snooze, which doubles each
	// time. Default 1 s and 30 s.
	SnoozeMin, SnoozeMax time.Duration
	// RetryMin and RetryMax bound the wait before a retry, which doubles each
	// time and is fully jittered. Default 2 s and 1 h.
	RetryMin, RetryMax time.Duration
	// WaitRecheck is when a record that waits for another is looked at again
	// anyway. Default 1 h.
	WaitRecheck time.Duration
	// CloseGrace is how long Close waits for calls in flight. Default 8 s.
	CloseGrace time.Duration

	// Owner names this process in the lease. Default: random.
	Owner string
	// Logger receives what nobody returns. Default: discarded.
	Logger *slog.Logger
	// Now is the clock; its monotonic reading measures leases. Default time.Now.
	Now func() time.Time
	// Rand returns a number in [0, 1) for jitter. Default math/rand/v2.Float64.
	Rand func() float64
}

// WithDefaults returns a copy with every unset field filled.
func (c Config) WithDefaults() Config {
	str := func(p *string, d string) {
		if *p == "" {
			*p = d
		}
	}
	num := func(p *int, d int) {
		if *p == 0 {
			*p = d
		}
	}
	dur := func(p *time.Duration, d time.Duration) {
		if *p == 0 {
			*p = d
		}
	}
	str(&c.Schema, "public")
	str(&c.Owner, randomOwner())
	num(&c.BatchSize, 100)
	num(&c.MaxInFlight, 32)
	num(&c.MaxTenants, 256)
	num(&c.MaxConns, 8)
	num(&c.Window, 5000)
	num(&c.Page, 1000)
	num(&c.BackfillShare, 8)
	num(&c.MaxAttempts, 5)
	dur(&c.CallTimeout, 10*time.Second)
	dur(&c.LeaseTTL, 30*time.Second)
	dur(&c.RenewEvery, c.LeaseTTL/3)
	dur(&c.Idle, 5*time.Second)
	dur(&c.Hold, time.Minute)
	dur(&c.Trail, 5*time.Second)
	dur(&c.SweepEvery, 30*time.Second)
	dur(&c.Poll, 500*time.Millisecond)
	dur(&c.RecentEvery, 100*time.Millisecond)
	dur(&c.Linger, 250*time.Millisecond)
	dur(&c.SnoozeMin, time.Second)
	dur(&c.SnoozeMax, 30*time.Second)
	dur(&c.RetryMin, 2*time.Second)
	dur(&c.RetryMax, time.Hour)
	dur(&c.WaitRecheck, time.Hour)
	dur(&c.CloseGrace, 8*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = defaultRand
	}
	return c
}

var schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// Validate reports every field of a filled Config that cannot work.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("outbox: config: "+format, args...)) }
	if !schemaName.MatchString(c.Schema) {
		bad("schema %q is not a plain name", c.Schema)
	}
	for kind := range c.Kinds {
		if kind == "" || len(kind) > MaxKey || kind == rawKind {
			bad("kind %q cannot be used", kind)
		}
	}
	for name, n := range map[string]int{"BatchSize": c.BatchSize, "MaxInFlight": c.MaxInFlight, "MaxTenants": c.MaxTenants,
		"Window": c.Window, "Page": c.Page, "BackfillShare": c.BackfillShare, "MaxAttempts": c.MaxAttempts} {
		if n < 1 {
			bad("%s is %d, at least 1", name, n)
		}
	}
	if c.MaxConns < 3 {
		bad("MaxConns is %d, at least 3", c.MaxConns)
	}
	for name, d := range map[string]time.Duration{"CallTimeout": c.CallTimeout, "LeaseTTL": c.LeaseTTL, "RenewEvery": c.RenewEvery,
		"Idle": c.Idle, "Hold": c.Hold, "Trail": c.Trail, "SweepEvery": c.SweepEvery, "Poll": c.Poll, "RecentEvery": c.RecentEvery,
		"Linger": c.Linger, "SnoozeMin": c.SnoozeMin, "SnoozeMax": c.SnoozeMax, "RetryMin": c.RetryMin, "RetryMax": c.RetryMax,
		"WaitRecheck": c.WaitRecheck, "CloseGrace": c.CloseGrace} {
		if d <= 0 {
			bad("%s is %s, must be positive", name, d)
		}
	}
	if c.LeaseTTL < 2*c.CallTimeout {
		bad("LeaseTTL %s is under twice CallTimeout %s", c.LeaseTTL, c.CallTimeout)
	}
	if c.LeaseTTL < 2*c.RenewEvery {
		bad("LeaseTTL %s is under twice RenewEvery %s", c.LeaseTTL, c.RenewEvery)
	}
	return errors.Join(errs...)
}
