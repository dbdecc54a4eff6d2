package hubspotplugin_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	hubspotplugin "github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

const (
	tenant = "aaaaaaaa-0000-4000-8000-000000000001"
	other  = "bbbbbbbb-0000-4000-8000-000000000002"
	portal = int64(12345678)
	token  = "pat-na1-aaaaaaaa-0000-0000-0000-000000000001"
)

type bundle struct {
	db       *bun.DB
	host     *integrationtest.MemoryHost
	settings *pgstore.Settings
	sim      *hubspottest.Server
	plugin   *hubspotplugin.Plugin
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{db: migrationstest.NewDB(t), host: integrationtest.NewMemoryHost()}
	b.sim = hubspottest.NewServer(t, hubspottest.Options{}, hubspottest.Portal{ID: portal, Token: token})
	sealer, err := pgstore.NewSealer([]byte("a key of these tests, 32 bytes ."))
	must(t, err)
	b.settings = pgstore.NewSettings(b.db, sealer, pgstore.Options{})
	b.plugin = b.build(t, true)
	return b
}

func (b *bundle) build(t *testing.T, enabled bool) *hubspotplugin.Plugin {
	t.Helper()
	p, err := hubspotplugin.New(
		hubspotplugin.Deps{DB: b.db, Source: b.host, Settings: b.settings, LinkBuilder: b.host, Calendar: b.host, CRMIDs: b.host, Plans: b.host},
		hubspotplugin.Config{Enabled: enabled, BaseURL: b.sim.URL, LinkHosts: []string{integrationtest.MemoryLinkHost}})
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return p
}

func (b *bundle) connect(t *testing.T) {
	t.Helper()
	set := settings(t, token)
	must(t, b.plugin.Prepare(t.Context(), tenant, set))
	must(t, b.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		return errors.Join(b.plugin.Connect(ctx, tx.Tx, tenant, set), b.save(ctx, tx.Tx, tenant, set))
	}))
}

func (b *bundle) save(ctx context.Context, tx *sql.Tx, clientID string, set integration.Settings) error {
	stored, err := b.settings.Load(ctx, clientID, crmsync.PluginID)
	if err != nil && !errors.Is(err, integration.ErrNotFound) {
		return err
	}
	stored.ClientID, stored.Integration, stored.Settings = clientID, crmsync.PluginID, set
	_, err = b.settings.Save(ctx, tx, stored)
	return err
}

func settings(t *testing.T, key string) integration.Settings {
	t.Helper()
	set, err := crmsync.Spec().Schema.Parse(map[string]string{"portalId": fmt.Sprint(portal), "apiKey": key, "syncContacts": "true"}, integration.Settings{})
	must(t, err)
	return set
}

func member(n int) integration.Member {
	return integration.Member{ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), FirstName: "Ada", LastName: "Byron",
		Email: fmt.Sprintf("member%d@example.org", n), Status: integration.MemberActive}
}

func (b *bundle) awaitContacts(t *testing.T, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	if err := b.sim.Await(ctx, func(s *hubspottest.Simulator) bool { return len(s.Portal(portal).Contacts()) >= n }); err != nil {
		t.Fatalf("waited in vain for %d contacts, have %d", n, len(b.sim.Portal(portal).Contacts()))
	}
}

func TestRecordReachesThePortal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	must(t, b.plugin.Start(t.Context()))
	b.connect(t)
	hooked := b.db.WithQueryHook(b.plugin.QueryHook())
	for i, record := range []func(integration.Change) error{
		func(c integration.Change) error {
			return hooked.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error { return b.plugin.Record(ctx, tx, c) })
		},
		func(c integration.Change) error {
			return b.plugin.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error { return b.plugin.Record(ctx, tx, c) })
		},
		func(c integration.Change) error {
			tx, err := b.db.DB.BeginTx(t.Context(), nil)
			if err != nil {
				return err
			}
			return errors.Join(b.plugin.RecordSQL(t.Context(), tx, c), tx.Commit())
		},
	} {
		m := member(i)
		b.host.Put(tenant, m)
		must(t, record(integration.MemberChanged(tenant, m.ID)))
		b.awaitContacts(t, i+1)
	}
}

func TestRecordRefusesWhatItCannotHandle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for what, c := range map[string]struct {
		change integration.Change
		say    string
	}{
		"course":      {integration.Change{ClientID: tenant, Ref: integration.Ref{Kind: integration.KindCourse, Key: member(1).ID}}, `"course"`},
		"no tenant":   {integration.Change{Ref: integration.Ref{Kind: integration.KindMember, Key: member(1).ID}}, "client id"},
		"no key":      {integration.MemberChanged(tenant, "42"), "key is not a UUID"},
		"upper case":  {integration.MemberChanged(strings.ToUpper(tenant), member(1).ID), "client id"},
		"with a fact": {integration.Change{ClientID: tenant, Ref: integration.Ref{Kind: integration.KindMember, Key: member(1).ID}, Fact: []byte(`{}`)}, "fact"},
	} {
		err := b.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error { return b.plugin.Record(ctx, tx, c.change) })
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: error %v does not say %q", what, err, c.say)
		}
		if what == "course" && !errors.Is(err, crmsync.ErrNoHandler) {
			t.Errorf("%v is not ErrNoHandler", err)
		}
	}
}

// A transaction that was never begun is a programmer's mistake, not the end of
// the host's request.
func TestRecordWithoutATransaction(t *testing.T) {
	t.Parallel()
	b := setup(t)
	change := integration.MemberChanged(tenant, member(1).ID)
	if err := b.plugin.Record(t.Context(), bun.Tx{}, change); err == nil || !strings.Contains(err.Error(), "transaction") {
		t.Errorf("Record: %v", err)
	}
	if err := b.plugin.RecordSQL(t.Context(), nil, change); err == nil || !strings.Contains(err.Error(), "transaction") {
		t.Errorf("RecordSQL: %v", err)
	}
	off := b.build(t, false)
	if err := off.RecordSQL(t.Context(), nil, change); err != nil {
		t.Errorf("RecordSQL of a plugin that is off: %v", err)
	}
}

func TestDisabledPluginRecordsWithoutSQL(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.build(t, false)
	must(t, p.Start(t.Context()))
	tx, err := b.db.BeginTx(t.Context(), nil)
	must(t, err)
	must(t, tx.Rollback())
	// The transaction is over: any statement would fail.
	must(t, p.Record(t.Context(), tx, integration.MemberChanged(tenant, member(1).ID)))
	must(t, p.RecordSQL(t.Context(), tx.Tx, integration.MemberChanged(tenant, member(1).ID)))
}

func TestTwoPluginsInOneProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	second := b.build(t, true)
	must(t, b.plugin.Start(t.Context()))
	must(t, second.Start(t.Context()))
	b.connect(t)
	for i := range 20 {
		m := member(i)
		b.host.Put(tenant, m)
		p := b.plugin
		if i%2 == 1 {
			p = second
		}
		must(t, b.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
			return p.Record(ctx, tx, integration.MemberChanged(tenant, m.ID))
		}))
	}
	b.awaitContacts(t, 20)
	must(t, b.plugin.Stop(t.Context()))
	m := member(20)
	b.host.Put(tenant, m)
	must(t, b.db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		return second.Record(ctx, tx, integration.MemberChanged(tenant, m.ID))
	}))
	b.awaitContacts(t, 21)
	if n := len(b.sim.Portal(portal).Contacts()); n != 21 {
		t.Errorf("%d contacts", n)
	}
}

func TestLifecycleMistakesAreSaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	must(t, b.plugin.Start(t.Context()))
	if err := b.plugin.Start(t.Context()); err == nil {
		t.Error("started twice")
	}
	must(t, b.plugin.Stop(t.Context()))
	must(t, b.plugin.Stop(t.Context()))
	if err := b.plugin.Start(t.Context()); err == nil {
		t.Error("started after stop")
	}
	for what, cfg := range map[string]hubspotplugin.Config{
		"an unknown version":          {Enabled: true, Version: "2020-01"},
		"a base URL without a scheme": {Enabled: true, BaseURL: "api.hubapi.com"},
		"plain http elsewhere":        {Enabled: true, BaseURL: "http://api.hubapi.com"},
	} {
		if _, err := hubspotplugin.New(hubspotplugin.Deps{DB: b.db, Source: b.host, Settings: b.settings}, cfg); err == nil {
			t.Errorf("New accepts %s", what)
		}
	}
	if _, err := hubspotplugin.New(hubspotplugin.Deps{}, hubspotplugin.Config{}); err == nil {
		t.Error("New accepts no dependencies")
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	integrationtest.TestPlugin(t, func(t *testing.T) integrationtest.PluginHarness {
		b := setup(t)
		b.host.Put(tenant, member(1))
		b.host.SetPlans(tenant, integration.Option{Value: member(2).ID, Label: "Standard"}, integration.Option{Value: member(3).ID, Label: "Fellow"})
		return integrationtest.PluginHarness{
			Plugin: b.plugin, DB: b.db.DB, ClientID: tenant, OtherClientID: other,
			Good: settings(t, token), Bad: settings(t, "pat-na1-00000000-0000-0000-0000-000000000000"),
			Save: b.save, Change: integration.MemberChanged(tenant, member(1).ID),
		}
	})
}

// The console knows no plugin: what it calls each type of record is held here
// against the types that the plugin writes.
func TestTheLogPageNamesEveryTypeOfRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	registry, err := integration.NewRegistry(b.plugin)
	must(t, err)
	pages, err := console.New(console.Config{Registry: registry, Settings: b.settings, Audit: pgstore.NewAudit(b.db, pgstore.Options{}), DB: b.db.DB,
		Identify: func(*http.Request) (integration.Identity, error) {
			return integration.Identity{UserID: "user-1", ClientID: tenant, Role: integration.RoleClientAdmin}, nil
		}})
	must(t, err)
	w := httptest.NewRecorder()
	pages.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/settings/integrations/hubspot/log", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	_, filter, _ := strings.Cut(w.Body.String(), `name="entityType"`)
	filter, _, _ = strings.Cut(filter, "</select>")
	for _, entity := range crmsync.EntityTypes() {
		_, label, found := strings.Cut(filter, `<option value="`+entity+`">`)
		if label, _, _ = strings.Cut(label, "<"); !found || label == "" || label == entity {
			t.Errorf("the log's filter has no words for records of type %q", entity)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
