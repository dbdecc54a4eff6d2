package console

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// Config is what a [Console] needs of its host. Registry, Settings, Audit, DB
// and Identify are required.
type Config struct {
	Registry *integration.Registry
	Settings integration.SettingsStore
	Audit    integration.AuditLog
	// DB begins the transactions that hold settings, audit record and the
	// plugin's own change together.
	DB *sql.DB

	// Identify says who makes a request. An error or an identity without a
	// role is answered 401, except that an [*integration.Error] keeps its own
	// status: a session store that is down is 503, not "sign in again".
	Identify func(*http.Request) (integration.Identity, error)

	// FormToken returns a token that is bound to the session of r, for forms
	// against cross-site request forgery. If it is set, each form carries it
	// and each form post must return it. Without it a form post must prove its
	// origin by Sec-Fetch-Site or Origin. Requests that a browser marks as
	// cross-origin are refused in both cases, on pages and API alike.
	FormToken func(*http.Request) string
	// TrustedOrigins are origins ("https://portal.example.org") that may send
	// requests besides the one that the request is addressed to.
	TrustedOrigins []string

	// Frame writes the whole document around a page: the host's menu, sign-out
	// and so on. The document must contain Page.Head in its head and Page.Body
	// once; scripts and styles in it must be files of the same origin, by the
	// Content-Security-Policy that the console sends. Nil, or an error, gives a
	// plain frame.
	Frame func(w io.Writer, r *http.Request, page Page) error

	// BasePath is where the pages are, without a slash at its end. Default
	// "/settings/integrations".
	BasePath string
	// Describe names entities of the reader's tenant for the sync log, by the
	// host's ids: a label ("Ada Lovelace") and the path of its page. Ids that it
	// leaves out, or all on an error, are shown as they are. Nil: no names.
	Describe func(ctx context.Context, who integration.Identity, ids []string) (map[string]Described, error)
	// SignInPath is linked from the page for visitors who are not signed in.
	// Default "": no link.
	SignInPath string
	// TimeZone returns the zone in which a tenant reads times. Nil: UTC.
	TimeZone func(ctx context.Context, clientID string) *time.Location
	// RemoteIP returns the address of the client for the audit log. Nil: the
	// peer of the connection, which behind a proxy is the proxy.
	RemoteIP func(*http.Request) string

	// MaxBody is the largest accepted request body in bytes. Default 64 kB.
	MaxBody int64
	// Timeout is the longest a request may take, calls to the vendor included.
	// Default 30 s.
	Timeout time.Duration
	// VendorCallsPerMinute is how many requests that make the plugin call its
	// vendor (test, connect, saving while connected, the property map) one tenant may send in a
	// minute to this process. Default 30.
	VendorCallsPerMinute int

	Logger *slog.Logger     // default: discards
	Now    func() time.Time // default: time.Now
}

// Page is one rendered page, for [Config.Frame].
type Page struct {
	Title  string
	Status int           // HTTP status that it is sent with
	Head   template.HTML // links to the console's stylesheet and script
	Body   template.HTML
	// Identity is the reader; its zero value means that nobody is signed in.
	Identity integration.Identity
}

// Described is how the host's own pages call an entity, and where they show it.
type Described struct{ Label, Path string }

// WithDefaults returns a copy in which every optional field has its value.
func (cfg Config) WithDefaults() Config {
	if cfg.BasePath == "" {
		cfg.BasePath = "/settings/integrations"
	}
	if cfg.TimeZone == nil {
		cfg.TimeZone = func(context.Context, string) *time.Location { return time.UTC }
	}
	if cfg.RemoteIP == nil {
		cfg.RemoteIP = peer
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 64 << 10
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.VendorCallsPerMinute == 0 {
		cfg.VendorCallsPerMinute = 30
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

// reserved are keys of the settings document that no schema may use.
var reserved = []string{"version", "updatedAt", "updatedBy", "connected"}

func (cfg Config) validate() error {
	var errs []error
	missing := func(name string, absent bool) {
		if absent {
			errs = append(errs, fmt.Errorf("%s is missing", name))
		}
	}
	missing("Registry", cfg.Registry == nil)
	missing("Settings", cfg.Settings == nil)
	missing("Audit", cfg.Audit == nil)
	missing("DB", cfg.DB == nil)
	missing("Identify", cfg.Identify == nil)
	if !strings.HasPrefix(cfg.BasePath, "/") || strings.HasSuffix(cfg.BasePath, "/") || strings.ContainsAny(cfg.BasePath, "{} ") {
		errs = append(errs, fmt.Errorf("BasePath %q: want a path that starts with a slash and does not end with one", cfg.BasePath))
	}
	if cfg.MaxBody < 0 || cfg.Timeout < 0 || cfg.VendorCallsPerMinute < 0 {
		errs = append(errs, errors.New("MaxBody, Timeout and VendorCallsPerMinute cannot be negative"))
	}
	if cfg.Registry != nil {
		for _, p := range cfg.Registry.All() {
			for _, key := range reserved {
				if _, ok := p.Spec().Schema.Field(key); ok {
					errs = append(errs, fmt.Errorf("plugin %q: the setting key %q is the console's own", p.Spec().ID, key))
				}
			}
		}
	}
	return errors.Join(errs...)
}

// Console serves the API and the pages. It is safe for concurrent use, and
// needs no start or stop.
type Console struct {
	cfg    Config
	origin *http.CrossOriginProtection
	pace   *pace
	pages  *template.Template
	assets map[string]asset
	mux    *http.ServeMux
}

// New returns a Console, or every mistake of cfg at once. It does no I/O.
func New(cfg Config) (*Console, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("console: config: %w", err)
	}
	c := &Console{cfg: cfg, origin: http.NewCrossOriginProtection(), pace: newPace(cfg.VendorCallsPerMinute, cfg.Now), mux: http.NewServeMux()}
	for _, o := range cfg.TrustedOrigins {
		if err := c.origin.AddTrustedOrigin(o); err != nil {
			return nil, fmt.Errorf("console: config: trusted origin: %w", err)
		}
	}
	if err := c.loadPages(); err != nil {
		return nil, fmt.Errorf("console: pages: %w", err)
	}
	c.routeAPI()
	c.routePages()
	return c, nil
}

// Handler serves everything. It expects request paths as the client sent them:
// mount it at the root of a host, or use [Console.Mount].
func (c *Console) Handler() http.Handler { return c.mux }

// Mount adds the console to the host's mux: the pages under [Config.BasePath],
// the API under /api/integrations/ and /api/admin/integrations/. A pattern of
// the host's that is more specific, such as a plugin's webhook, wins.
func (c *Console) Mount(mux *http.ServeMux) {
	for _, pattern := range []string{apiPath, adminPath, c.cfg.BasePath, c.cfg.BasePath + "/"} {
		mux.Handle(pattern, c.mux)
	}
}

func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
