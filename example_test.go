package hubspotplugin_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"

	hubspotplugin "github.com/memberpulse/hubspotplugin"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/console"
	"github.com/memberpulse/hubspotplugin/integration/pgstore"
	"github.com/memberpulse/hubspotplugin/migrations"
)

// A host embeds the plugin: migrations, stores, plugin, registry, console.
func Example() {
	var source integration.Source                                  // the host's members
	var identify func(*http.Request) (integration.Identity, error) // the host's sign-in
	embed := func(ctx context.Context, mux *http.ServeMux) (*hubspotplugin.Plugin, *integration.Registry, error) {
		db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DATABASE_URL")))), pgdialect.New())
		if err := migrations.Migrate(ctx, db, migrations.Options{}); err != nil {
			return nil, nil, err
		}
		key, err := pgstore.ParseKey(os.Getenv("HUBSPOT_SEAL_KEY"))
		if err != nil {
			return nil, nil, err
		}
		sealer, err := pgstore.NewSealer(key)
		if err != nil {
			return nil, nil, err
		}
		settings, audit := pgstore.NewSettings(db, sealer, pgstore.Options{}), pgstore.NewAudit(db, pgstore.Options{})
		plugin, err := hubspotplugin.New(hubspotplugin.Deps{DB: db, Source: source, Settings: settings, Logger: slog.Default()},
			hubspotplugin.Config{Enabled: true})
		if err != nil {
			return nil, nil, err
		}
		registry, err := integration.NewRegistry(plugin)
		if err != nil {
			return nil, nil, err
		}
		pages, err := console.New(console.Config{Registry: registry, Settings: settings, Audit: audit, DB: db.DB, Identify: identify})
		if err != nil {
			return nil, nil, err
		}
		mux.Handle("/", pages.Handler())
		return plugin, registry, registry.Start(ctx)
	}
	_ = embed
}

// A host module saves a member and records the change in one transaction.
func ExamplePlugin_Record() {
	saveMember := func(ctx context.Context, db *bun.DB, plugin *hubspotplugin.Plugin, clientID, memberID, position string) error {
		return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			// First the member's own row: it is locked from here on, so changes of one member are recorded in order.
			_, err := tx.NewRaw("update members set position = ? where client_id = ? and id = ?", position, clientID, memberID).Exec(ctx)
			return errors.Join(err, plugin.Record(ctx, tx, integration.MemberChanged(clientID, memberID)))
		})
	}
	_ = saveMember
}
