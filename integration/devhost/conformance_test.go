package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/simulated"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// conforming is a setup with a database of its own, as main makes it.
func conforming(t *testing.T) setup {
	t.Helper()
	db := migrationstest.NewDB(t)
	if err := migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return setup{DB: db, SealKey: []byte("01234567890123456789012345678901"), Loopback: true, Logger: slog.New(slog.DiscardHandler), Now: time.Now}
}

// The plugin keeps its contract as this host wires it, over this host's own
// tables and stores.
func TestPluginConforms(t *testing.T) {
	t.Parallel()
	integrationtest.TestPlugin(t, func(t *testing.T) integrationtest.PluginHarness {
		hub := hubspottest.NewServer(t, hubspottest.Options{})
		s := conforming(t)
		s.BaseURL, s.HubSpot = hub.URL, simulated.New(hub.Simulator, 7001)
		h, err := newHost(s)
		if err != nil {
			t.Fatal(err)
		}
		list, err := h.Seeder.First(t.Context(), 2, 5)
		if err != nil {
			t.Fatal(err)
		}
		one, two := list[0].ID, list[1].ID
		keys, err := newSource(s).Keys(t.Context(), one, integration.KindMember, "", 1)
		if err != nil || len(keys) != 1 {
			t.Fatalf("keys: %v %v", keys, err)
		}
		id, key, _ := s.HubSpot.Portal(one)
		settings := func(key string) integration.Settings {
			set, err := h.Plugin.Spec().Schema.Parse(map[string]string{"portalId": id, "apiKey": key, "syncContacts": "true"}, integration.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			return set
		}
		return integrationtest.PluginHarness{
			Plugin: h.Plugin, DB: s.DB.DB, ClientID: one, OtherClientID: two,
			Good: settings(key), Bad: settings("pat-na1-00000000-0000-0000-0000-000000000000"),
			Save:   saver(h),
			Change: integration.MemberChanged(one, keys[0]),
		}
	})
}

func saver(h *host) func(context.Context, *sql.Tx, string, integration.Settings) error {
	return func(ctx context.Context, tx *sql.Tx, clientID string, set integration.Settings) error {
		stored, err := h.Settings.Load(ctx, clientID, h.Plugin.Spec().ID)
		if err != nil && !errors.Is(err, integration.ErrNotFound) {
			return err
		}
		stored.ClientID, stored.Integration, stored.Settings, stored.UpdatedBy = clientID, h.Plugin.Spec().ID, set, "conformance"
		_, err = h.Settings.Save(ctx, tx, stored)
		return err
	}
}

func TestStoresConform(t *testing.T) {
	t.Parallel()
	begin := func(db *bun.DB) func(context.Context) (*sql.Tx, error) {
		return func(ctx context.Context) (*sql.Tx, error) { return db.DB.BeginTx(ctx, nil) }
	}
	sealer := func(t *testing.T, key string) *pgstore.Sealer {
		t.Helper()
		s, err := newSealer(setup{SealKey: []byte(key)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const key, other = "01234567890123456789012345678901", "another key of thirty-two bytes."
	t.Run("settings", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestSettingsStore(t, func(t *testing.T) integrationtest.SettingsHarness {
			s := conforming(t)
			return integrationtest.SettingsHarness{Store: newSettings(s, sealer(t, key)), Begin: begin(s.DB)}
		})
	})
	t.Run("audit log", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestAuditLog(t, func(t *testing.T) integrationtest.AuditHarness {
			s := conforming(t)
			log := newAudit(s)
			return integrationtest.AuditHarness{Log: log, Begin: begin(s.DB),
				Records: func(ctx context.Context, clientID string, id integration.ID) ([]integration.AuditRecord, error) {
					all, err := log.Newest(ctx, clientID, id, 1000)
					slices.Reverse(all)
					return all, err
				}}
		})
	})
	t.Run("sealer", func(t *testing.T) {
		t.Parallel()
		integrationtest.TestSealer(t, func(t *testing.T) integrationtest.SealerHarness {
			return integrationtest.SealerHarness{Sealer: sealer(t, key), Foreign: sealer(t, other)}
		})
	})
}
