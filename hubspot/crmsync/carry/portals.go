package carry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// Portals keeps one live client for each connected tenant, with the limiter
// and breaker of its portal, and replaces it when the tenant's key changes.
type Portals struct {
	Settings    integration.SettingsStore
	connections *ledger.Connections
	client      hubspot.Config // everything but the token

	mu   sync.Mutex
	live map[string]*Live // by client id
}

// API is the deployer's choice of HubSpot's API, the same for every portal.
type API struct {
	BaseURL   string            // default HubSpot's own
	Version   string            // "2026-03" (default) or "2026-09"
	Transport http.RoundTripper // default: one for each client
	Logger    *slog.Logger
	Now       func() time.Time
}

// NewPortals returns the clients of the tenants whose settings are in the
// store. It reports what is wrong with api.
func NewPortals(store integration.SettingsStore, connections *ledger.Connections, api API) (*Portals, error) {
	p := &Portals{Settings: store, connections: connections, live: map[string]*Live{}, client: hubspot.Config{
		BaseURL: api.BaseURL, Version: hubspot.Version(api.Version), Transport: api.Transport, Logger: api.Logger, Now: api.Now,
	}}
	if _, err := p.NewClient(settings.Options{}); err != nil {
		return nil, err
	}
	return p, nil
}

// Live is what one process knows of a tenant's portal.
type Live struct {
	Options settings.Options
	Client  *hubspot.Client

	mu        sync.Mutex
	verified  bool          // the key has been seen to belong to this portal
	failures  int           // failures in a row
	resting   time.Time     // until the pause after the last of them is over
	Reserved  *reservations // of passes under way
	schemas   map[hubspot.ObjectType]versioned
	unsettled map[string]bool // kinds and keys whose calls were made and not settled

	mending sync.RWMutex // held for reading by writes, else by who makes properties again
	mends   int          // how often that was done, under mending
}

// Portal is a tenant's portal as one pass sees it.
type Portal struct {
	*Live

	Place        ledger.Place
	Epoch        int64
	Options      settings.Options
	GoneAccepted time.Time
	NoteKey      string // noteKeyUnique, noteKeyNone, "" = not known yet
	Matching     bool   // organizations are compared with companies before one is created
}

// SameKey reports whether the other is seen through the same key.
func (p *Portal) SameKey(other *Portal) bool { return p.Live == other.Live }

// ErrKeySealed says that the stored key does not open: the host's sealing key
// is another one than when it was stored.
var ErrKeySealed = errors.New("crmsync: the stored API key cannot be opened with this host's sealing key")

// Of returns the tenant's portal. ErrNotConnected if it has none.
func (p *Portals) Of(ctx context.Context, clientID string) (*Portal, error) {
	// Settings first: a save that comes between the two is seen in the connection
	// too early, which is harmless, and never too late.
	stored, err := p.Settings.Load(ctx, clientID, settings.PluginID)
	conn, lost := p.connections.Get(ctx, p.connections.DB, clientID)
	if lost != nil {
		return nil, lost
	}
	if !conn.Connected {
		return nil, integration.ErrNotConnected
	}
	if errors.Is(err, integration.ErrNotFound) {
		return nil, integration.ErrNotConnected
	}
	if errors.Is(err, integration.ErrSealed) {
		return nil, fmt.Errorf("%w: %w", ErrKeySealed, err)
	}
	if err != nil {
		return nil, fmt.Errorf("crmsync: load settings: %w", err)
	}
	opts := settings.Of(stored.Settings)
	if opts.PortalID != conn.PortalID {
		// The two were read around a disconnection: neither is the truth any more.
		return nil, integration.ErrNotConnected
	}
	l, err := p.attach(clientID, opts)
	if err != nil {
		return nil, err
	}
	return &Portal{
		Live: l, Place: ledger.Place{ClientID: clientID, PortalID: conn.PortalID}, Epoch: conn.Epoch,
		Options: opts, GoneAccepted: conn.GoneAcceptedUntil, NoteKey: conn.NoteKey, Matching: conn.Matching,
	}, nil
}

// attach returns the live client of the tenant, a new one if portal or key
// are no longer those that it was made with.
func (p *Portals) attach(clientID string, opts settings.Options) (*Live, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.live[clientID]; l != nil && l.Options.PortalID == opts.PortalID && l.Options.Key.Equal(opts.Key) {
		return l, nil
	}
	client, err := p.NewClient(opts)
	if err != nil {
		return nil, err
	}
	l := &Live{Options: opts, Client: client, Reserved: newReservations(), unsettled: map[string]bool{}}
	if old := p.live[clientID]; old != nil && old.Options.PortalID == opts.PortalID {
		// A replaced key does not settle what the old one left open, and passes
		// with the old one may still be under way.
		l.Reserved = old.Reserved
		old.mu.Lock()
		for k := range old.unsettled {
			l.unsettled[k] = true
		}
		old.mu.Unlock()
	}
	p.live[clientID] = l
	return l, nil
}

// NewClient returns a client with the key and the portal of opts.
func (p *Portals) NewClient(opts settings.Options) (*hubspot.Client, error) {
	cfg := p.client
	cfg.Token = opts.Key.Reveal
	client, err := hubspot.NewClient(cfg)
	if err != nil {
		return nil, fmt.Errorf("crmsync: %w", err)
	}
	return client, nil
}

// Forget drops the tenant's live client.
func (p *Portals) Forget(clientID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.live, clientID)
}

// Ceiling is the most batches that the outbox may have in flight for a tenant:
// one while the portal's limits are not known yet or its breaker is not
// closed, else as many as the outbox likes.
func (p *Portals) Ceiling(tenant string) int {
	p.mu.Lock()
	l := p.live[tenant]
	p.mu.Unlock()
	if l == nil || l.Client.Limits().At.IsZero() || l.Client.Breaker().Phase != hubspot.Closed {
		return 1
	}
	return maxInFlight
}

const maxInFlight = 32

// Peek returns the tenant's live client, if this process has one.
func (p *Portals) Peek(clientID string) (*Live, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.live[clientID]
	return l, ok
}

// worked notes a call that HubSpot answered.
func (l *Live) worked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures = 0
}

// Failed notes a failure of the portal at now and returns how many there were
// in a row. Batches that are out together fail together: whatever fails before
// the pause after a failure is over is the same failure.
func (l *Live) Failed(now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failures == 0 || !now.Before(l.resting) {
		l.failures++
		l.resting = now.Add(verdict.Pause(l.failures))
	}
	return l.failures
}

// Begin marks a batch's deliveries as called and not settled; settled ends
// that.
func (l *Live) Begin(b outbox.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range b.Deliveries {
		l.unsettled[d.Kind+":"+d.Key] = true
	}
}

// Begun reports whether calls were made for one of a batch's deliveries, and not
// settled.
func (l *Live) Begun(b outbox.Batch) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(b.Deliveries, func(d outbox.Delivery) bool { return l.unsettled[d.Kind+":"+d.Key] })
}

// Settled notes that what came of a batch's calls is stored.
func (l *Live) Settled(b outbox.Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range b.Deliveries {
		delete(l.unsettled, d.Kind+":"+d.Key)
	}
}

// Doubtful reports whether the last call for a delivery's key may have been
// made without its result being stored.
func (l *Live) Doubtful(d outbox.Delivery) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return d.Doubt || l.unsettled[d.Kind+":"+d.Key]
}

// Version is that of HubSpot's API.
func (p *Portals) Version() hubspot.Version { return p.client.WithDefaults().Version }
