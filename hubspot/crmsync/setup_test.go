package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// wide is a window that these tests never fill: pacing is package hubspot's to test.
const wide = 5000

// patience bounds every wait of these tests.
const patience = 4 * time.Minute

const (
	tenantA = "aaaaaaaa-0000-4000-8000-000000000001"
	tenantB = "bbbbbbbb-0000-4000-8000-000000000002"
	portalA = int64(12345678)
	portalB = int64(87654321)
	tokenA  = "pat-na1-aaaaaaaa-0000-0000-0000-000000000001"
	tokenB  = "pat-na1-bbbbbbbb-0000-0000-0000-000000000002"
)

// bundle is one host process with the sync, a simulator and two portals.
type bundle struct {
	t        testing.TB
	db       *bun.DB
	host     *integrationtest.MemoryHost
	settings *pgstore.Settings
	sim      *hubspottest.Server
	box      *outbox.Outbox
	syncer   *crmsync.Syncer
	log      *lockedBuffer
}

type option func(*setup)

type setup struct {
	sim     hubspottest.Options
	version hubspot.Version
	db      *bun.DB
	host    *integrationtest.MemoryHost
	server  *hubspottest.Server
	before  func(*http.Request)
	window  int
	lists   int // that portal A allows, 0 = any number
	custom  int // properties of an object that portal A allows, 0 = many
	plan    string
	source  func(integration.Source) integration.Source
	store   func(integration.SettingsStore) integration.SettingsStore
	carry   http.RoundTripper
	config  func(*crmsync.Config)
	auto    bool
	box     func(*outbox.Config)
}

func withSim(o hubspottest.Options) option { return func(s *setup) { s.sim = o } }
func withVersion(v hubspot.Version) option { return func(s *setup) { s.version = v } }

// withWindow limits the portals to n calls in ten seconds.
func withWindow(n int) option { return func(s *setup) { s.window = n } }

// withAutoCompany switches on HubSpot's setting that makes companies by itself.
func withAutoCompany() option { return func(s *setup) { s.auto = true } }

// withLists limits portal A to n lists.
func withLists(n int) option { return func(s *setup) { s.lists = n } }

// withPlan puts portal A on one of HubSpot's plans.
func withPlan(name string) option { return func(s *setup) { s.plan = name } }

// withBefore calls f before each request of the client goes out.
func withBefore(f func(*http.Request)) option { return func(s *setup) { s.before = f } }

// withSource puts f's source before the host.
func withSource(f func(integration.Source) integration.Source) option {
	return func(s *setup) { s.source = f }
}

// withStore puts f's store before the settings, for the sync only.
func withStore(f func(integration.SettingsStore) integration.SettingsStore) option {
	return func(s *setup) { s.store = f }
}

// withTransport sends the client's requests by rt.
func withTransport(rt http.RoundTripper) option { return func(s *setup) { s.carry = rt } }

// withConfig changes the sync's configuration.
func withConfig(f func(*crmsync.Config)) option { return func(s *setup) { s.config = f } }

// withBox changes the outbox's configuration.
func withBox(f func(*outbox.Config)) option { return func(s *setup) { s.box = f } }

// carrier is a transport that is a function.
type carrier func(*http.Request) (*http.Response, error)

func (f carrier) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// tap is a transport that looks at requests before they go out.
type tap func(*http.Request)

func (f tap) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return http.DefaultTransport.RoundTrip(r)
}

func beside(b *bundle) option {
	return func(s *setup) { s.db, s.host, s.server = migrationstest.Open(b.t, b.db), b.host, b.sim }
}

// start builds a process and lets it drain until the test ends.
func start(t testing.TB, opts ...option) *bundle {
	t.Helper()
	s := setup{window: wide}
	for _, o := range opts {
		o(&s)
	}
	if s.db == nil {
		s.db = migrationstest.NewDB(t)
		s.host = integrationtest.NewMemoryHost()
		s.server = hubspottest.NewServer(t, s.sim,
			hubspottest.Portal{ID: portalA, Token: tokenA, MaxPerWindow: s.window, MaxLinking: s.window, AutoCompany: s.auto, MaxLists: s.lists, MaxProperty: s.custom, Plan: s.plan}, hubspottest.Portal{ID: portalB, Token: tokenB, MaxPerWindow: s.window})
	}
	b := &bundle{t: t, db: s.db, host: s.host, sim: s.server, log: &lockedBuffer{}}
	logger := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	sealer, err := pgstore.NewSealer([]byte("a key of these tests, 32 bytes ."))
	must(t, err)
	b.settings = pgstore.NewSettings(b.db, sealer, pgstore.Options{})
	api := crmsync.API{BaseURL: b.sim.URL, Version: string(s.version), Logger: logger}
	if s.before != nil {
		api.Transport = tap(s.before)
	}
	if s.carry != nil {
		api.Transport = s.carry
	}
	api = recorded(t, b.sim, api)
	var store integration.SettingsStore = b.settings
	if s.store != nil {
		store = s.store(store)
	}
	var source integration.Source = b.host
	if s.source != nil {
		source = s.source(source)
	}
	tenants, err := crmsync.NewTenants(b.db, "public", store, api)
	must(t, err)
	box := outbox.Config{Kinds: crmsync.Kinds(), Route: tenants.Route, Ceiling: tenants.Ceiling, Logger: logger}
	if s.box != nil {
		s.box(&box)
	}
	b.box, err = outbox.New(b.db, box)
	must(t, err)
	cfg := crmsync.Config{Tenants: tenants, Source: source, Outbox: b.box, Logger: logger, NoteRest: time.Millisecond}
	if s.config != nil {
		s.config(&cfg)
	}
	b.syncer, err = crmsync.New(cfg)
	must(t, err)
	b.run()
	return b
}

func (b *bundle) run() {
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 8 * time.Second}, watermill.NopLogger{})
	must(b.t, err)
	router.AddConsumerHandler("hubspot", outbox.TopicBatches, b.box.Batches(), b.syncer.Handle)
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = router.Run(ctx) })
	wait.Go(func() { b.syncer.RunBackfills(ctx) })
	<-router.Running()
	b.t.Cleanup(func() {
		stop, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		if err := b.box.Close(stop); err != nil {
			b.t.Errorf("close outbox: %v", err)
		}
		cancel()
		wait.Wait()
		if b.t.Failed() {
			b.t.Logf("log:\n%s", b.log)
		}
	})
}

// connect connects a tenant as the console does.
func (b *bundle) connect(tenant string, portal int64, token string) {
	b.t.Helper()
	must(b.t, b.tryConnect(tenant, strconv.FormatInt(portal, 10), token, true))
}

func (b *bundle) tryConnect(tenant, portal, token string, contacts bool) error {
	return b.tryConnectWith(tenant, map[string]string{"portalId": portal, "apiKey": token, "syncContacts": strconv.FormatBool(contacts)})
}

// connectWith connects tenant A to portal A with contacts and more settings on,
// or changes the settings of the connection.
func (b *bundle) connectWith(more map[string]string) {
	b.t.Helper()
	raw := map[string]string{"portalId": strconv.FormatInt(portalA, 10), "apiKey": tokenA, "syncContacts": "true"}
	maps.Copy(raw, more)
	must(b.t, b.tryConnectWith(tenantA, raw))
}

func (b *bundle) tryConnectWith(tenant string, raw map[string]string) error {
	ctx := context.Background()
	stored, err := b.settings.Load(ctx, tenant, crmsync.PluginID)
	if err != nil && !errors.Is(err, integration.ErrNotFound) {
		return err
	}
	set, err := crmsync.Spec().Schema.Parse(raw, stored.Settings)
	if err != nil {
		return err
	}
	if err := b.syncer.Prepare(ctx, tenant, set); err != nil {
		return err
	}
	return b.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := b.syncer.Connect(ctx, tx.Tx, tenant, set); err != nil {
			return err
		}
		stored.ClientID, stored.Integration, stored.Settings, stored.UpdatedBy = tenant, crmsync.PluginID, set, "user-1"
		_, err := b.settings.Save(ctx, tx.Tx, stored)
		return err
	})
}

func (b *bundle) inTx(do func(ctx context.Context, tx *sql.Tx) error) error {
	return b.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error { return do(ctx, tx.Tx) })
}

// save changes a member in the host and records it in one transaction.
func (b *bundle) save(tenant string, members ...integration.Member) {
	b.t.Helper()
	changes := make([]integration.Change, len(members))
	for i, m := range members {
		b.host.Put(tenant, m)
		changes[i] = integration.MemberChanged(tenant, m.ID)
	}
	b.record(changes...)
}

func (b *bundle) record(changes ...integration.Change) {
	b.t.Helper()
	entries, err := crmsync.Entries(changes)
	must(b.t, err)
	must(b.t, b.db.RunInTx(context.Background(), nil, func(ctx context.Context, tx bun.Tx) error {
		return b.box.Append(ctx, tx, entries...)
	}))
}

// eventually waits until cond holds, looking again after every call that the
// simulator serves and every few milliseconds.
func (b *bundle) eventually(what string, cond func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(30 * time.Millisecond) // a status is worth several queries
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			st, err := b.syncer.Status(context.Background(), tenantA)
			b.t.Fatalf("waited in vain for: %s\nstatus: %+v %v", what, st, err)
		}
	}
}

// settled waits until nothing of the tenant is on its way.
func (b *bundle) settled(tenant string) integration.Status {
	b.t.Helper()
	var st integration.Status
	quiet := func() bool {
		st = b.status(tenant)
		return st.Pending == 0 && st.Members.Waiting == 0 && (st.Run == nil || st.Run.FinishedAt != nil)
	}
	// A status reads the queue before the runs: what a run's end has appended in
	// between shows in the next one.
	b.eventually("everything settled", func() bool {
		first := quiet()
		return first && quiet()
	})
	return st
}

func (b *bundle) status(tenant string) integration.Status {
	b.t.Helper()
	st, err := b.syncer.Status(context.Background(), tenant)
	must(b.t, err)
	m := st.Members
	if m.Total != m.InSync+m.NotIncluded+m.NeedsAttention+m.Waiting {
		b.t.Errorf("members do not add up: %+v", m)
	}
	return st
}

// define makes a property in portal A, as its admin does.
func (b *bundle) define(object hubspot.ObjectType, p hubspot.Property) {
	b.t.Helper()
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(b.t, err)
	_, err = client.CreateProperty(context.Background(), object, p)
	must(b.t, err)
}

// contact returns the one contact that carries a member's id.
func (b *bundle) contact(portal int64, memberID string) (hubspottest.Record, bool) {
	b.t.Helper()
	var found []hubspottest.Record
	for _, c := range b.sim.Portal(portal).Contacts() {
		if c.Properties["memberpulse_member_id"] == memberID {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return hubspottest.Record{}, false
	case 1:
		return found[0], true
	}
	b.t.Errorf("member %s has %d contacts", memberID, len(found))
	return found[0], true
}

// contactID is the contact of a member.
func (b *bundle) contactID(n int) string {
	b.t.Helper()
	c, ok := b.contact(portalA, memberID(n))
	if !ok {
		b.t.Fatalf("member %d has no contact", n)
	}
	return c.ID
}

// log returns the sync record of a member.
func (b *bundle) logOf(tenant, memberID string) integration.SyncRecord {
	b.t.Helper()
	page, err := b.syncer.SyncLog(context.Background(), tenant, integration.SyncQuery{EntityType: "contact", Search: memberID})
	must(b.t, err)
	if len(page.Records) != 1 {
		b.t.Fatalf("member %s has %d sync records", memberID, len(page.Records))
	}
	return page.Records[0]
}

// calls counts the requests whose path contains part.
func (b *bundle) calls(part string) int {
	n := 0
	for _, r := range b.sim.Requests() {
		if strings.Contains(r.Path, part) {
			n++
		}
	}
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
