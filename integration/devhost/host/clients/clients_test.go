package clients_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/clients"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/problem"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestClientsAndUsers(t *testing.T) {
	t.Parallel()
	db := migrationstest.NewEmptyDB(t)
	if err := store.Migrate(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	mod := clients.New(db)
	add := func(c clients.Client, users ...clients.User) error {
		return db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error { return mod.Add(ctx, tx, c, users) })
	}
	one := clients.Client{ID: uuid.NewString(), Name: "One", TimeZone: "UTC", CreatedAt: time.Now().Truncate(time.Microsecond)}
	admin := clients.User{ID: uuid.NewString(), ClientID: one.ID, Name: "A", Role: integration.RoleClientAdmin}
	pat := clients.User{ID: uuid.NewString(), Name: "P", Role: integration.RolePlatformAdmin}
	if err := add(one, admin, pat); err != nil {
		t.Fatal(err)
	}
	var taken *problem.Problem
	if err := add(clients.Client{ID: uuid.NewString(), Name: "One", TimeZone: "UTC", CreatedAt: time.Now()}); !errors.As(err, &taken) || taken.Status != 409 {
		t.Errorf("a name twice: %v, want 409", err)
	}
	if err := add(clients.Client{ID: uuid.NewString(), Name: "Two", TimeZone: "UTC", CreatedAt: time.Now()},
		clients.User{ID: uuid.NewString(), Name: "nobody's admin", Role: integration.RoleClientAdmin}); err == nil {
		t.Error("an admin without a client was accepted")
	}
	all, err := mod.List(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "One" {
		t.Fatalf("%v, %v; want what was accepted and nothing of the rest", all, err)
	}
	if got, err := mod.Get(t.Context(), one.ID); err != nil || !got.CreatedAt.Equal(one.CreatedAt) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := mod.UserIn(t.Context(), one.ID, integration.RoleClientAdmin); err != nil || got != admin {
		t.Errorf("the admin: %+v, %v", got, err)
	}
	if got, err := mod.UserIn(t.Context(), "", integration.RolePlatformAdmin); err != nil || got != pat {
		t.Errorf("the platform admin: %+v, %v", got, err)
	}
	for name, err := range map[string]error{
		"unknown client": second(mod.Get(t.Context(), uuid.NewString())), "malformed client": second(mod.Get(t.Context(), "x")),
		"unknown user": second(mod.User(t.Context(), uuid.NewString())), "malformed user": second(mod.User(t.Context(), "' or 1=1")),
		"a role that nobody has": second(mod.UserIn(t.Context(), one.ID, integration.RoleMember)),
	} {
		var p *problem.Problem
		if !errors.As(err, &p) || p.Status != 404 {
			t.Errorf("%s: %v, want 404", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
