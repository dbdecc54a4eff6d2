package hubspot

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"time"
)

// DefaultBaseURL is HubSpot's public API. Portals hosted elsewhere are routed
// by HubSpot itself.
const DefaultBaseURL = "https://api.hubapi.com"

// Config configures a Client. Only Token is required.
type Config struct {
	// BaseURL is the deployer's choice, never a tenant's: https, or http to
	// this machine itself. A path prefix is kept. Default DefaultBaseURL.
	BaseURL string
	// Token returns the portal's current token. It is called for every attempt,
	// so a rotated token is used at once. It must be safe for concurrent use.
	Token func() string
	// Version of the API's paths. Default Version202603.
	Version Version
	// Transport sends the requests. Default: a transport of the client's own.
	Transport http.RoundTripper
	// Logger receives warnings without personal data. Default: none.
	Logger *slog.Logger
	// Now tells the wall clock, for the portal's midnight and for the times in
	// errors. Pacing runs on Go's monotonic clock. Default time.Now.
	Now func() time.Time
	// UserAgent default "memberpulse-hubspotplugin".
	UserAgent string
	// Reserve is the share of each window that only Console calls draw on, 0 to
	// 0.5. Default 0.05, and at least one call of any window of five or more.
	Reserve float64
	// CallTimeout bounds one call with its repeats and its waits for the
	// limiter. Default 10 s.
	CallTimeout time.Duration
	// BreakerOpenFor is how long a portal that failed too often is left alone.
	// Default 15 s.
	BreakerOpenFor time.Duration
}

// WithDefaults returns a copy in which every empty field has its default.
func (c Config) WithDefaults() Config {
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.Version == "" {
		c.Version = Version202603
	}
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.UserAgent == "" {
		c.UserAgent = "memberpulse-hubspotplugin"
	}
	if c.Reserve == 0 {
		c.Reserve = 0.05
	}
	if c.CallTimeout == 0 {
		c.CallTimeout = 10 * time.Second
	}
	if c.BreakerOpenFor == 0 {
		c.BreakerOpenFor = 15 * time.Second
	}
	return c
}

func (c Config) validate() error {
	switch {
	case c.Token == nil:
		return fmt.Errorf("hubspot: config: no token function")
	case !c.Version.Valid():
		return fmt.Errorf("hubspot: config: unknown version %q", string(c.Version))
	case math.IsNaN(c.Reserve) || c.Reserve < 0 || c.Reserve > 0.5:
		return fmt.Errorf("hubspot: config: reserve must be between 0 and 0.5")
	case c.CallTimeout < 0:
		return fmt.Errorf("hubspot: config: negative call timeout")
	case c.BreakerOpenFor < 0:
		return fmt.Errorf("hubspot: config: negative breaker time")
	}
	return nil
}

// Client is the client of one portal: one token, one limiter, one breaker.
// It is safe for concurrent use and holds no goroutine.
type Client struct {
	*portal
	console bool
}

// portal is what a client and its console share.
type portal struct {
	cfg     Config
	base    *url.URL
	paths   paths
	chain   http.RoundTripper
	breaker *breaker
	limiter *limiter
}

// NewClient returns a client, or says what is wrong with the configuration. It
// sends nothing.
func NewClient(cfg Config) (*Client, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	base, err := parseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	p := &portal{cfg: cfg, base: base, paths: pathsOf(cfg.Version)}
	p.limiter = newLimiter(cfg, newAuth(cfg.Token, base.Host, newReader(cfg.Transport)))
	p.breaker = newBreaker(cfg, newRetry(cfg, p.limiter))
	p.chain = p.breaker
	return &Client{portal: p}, nil
}

// Console returns a client of the same portal for calls that a person waits
// for. It shares limiter and breaker, and may also draw on the reserved share
// of each window.
func (c *Client) Console() *Client {
	return &Client{portal: c.portal, console: true}
}

// Breaker tells the state of the portal's breaker now.
func (c *Client) Breaker() BreakerState { return c.breaker.state() }

// Limits tells what HubSpot's last rate-limit headers said.
func (c *Client) Limits() Limits { return c.limiter.limits() }

// SetTimeZone tells the account's time zone by its IANA name, for the daily
// limit's midnight. AccountDetails sets it by itself.
func (c *Client) SetTimeZone(name string) error {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return fmt.Errorf("hubspot: unknown time zone")
	}
	c.limiter.setZone(loc)
	return nil
}

// TimeZone is the account's time zone, nil as long as nobody has told it.
func (c *Client) TimeZone() *time.Location { return c.limiter.timeZone() }

// Version returns the version whose paths the client uses.
func (c *Client) Version() Version { return c.cfg.Version }

// CloseIdleConnections releases idle connections of the transport. Calls in
// flight are not touched, and the client stays usable.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.cfg.Transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
