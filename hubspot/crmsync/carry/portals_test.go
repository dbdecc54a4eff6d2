package carry_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/ledger"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

func TestBatchesThatFailTogetherAreOneFailure(t *testing.T) {
	t.Parallel()
	got := carry.Failures(0, 0, time.Second, 3*time.Second, 4*time.Second, 20*time.Second)
	if want := []int{1, 1, 1, 2, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("failures in a row = %v, want %v", got, want)
	}
}

// savedJustNow is a store of settings that are saved the moment that somebody
// reads them.
type savedJustNow struct {
	integration.SettingsStore
	save func()
	set  integration.Settings
}

func (s savedJustNow) Load(context.Context, string, integration.ID) (integration.StoredSettings, error) {
	s.save()
	return integration.StoredSettings{Settings: s.set}, nil
}

// Companies are switched on while a portal is looked up. Who sees the switch
// sees that the matching is open too: an organization would be created
// unsearched otherwise.
func TestWhoSeesCompaniesOnSeesTheirMatching(t *testing.T) {
	t.Parallel()
	const tenant, portalID = "aaaaaaaa-0000-4000-8000-000000000001", int64(12345678)
	db := migrationstest.NewDB(t)
	connections := ledger.NewConnections(db, "public")
	err := db.RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
		return connections.Open(ctx, tx.Tx, tenant, portalID, time.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
	store := savedJustNow{
		save: func() {
			if _, err := db.NewRaw("update hubspot_connection set matching = true").Exec(context.Background()); err != nil {
				t.Error(err)
			}
		},
		set: integration.NewSettings(map[string]string{settings.KeyPortal: strconv.FormatInt(portalID, 10), settings.KeyCompanies: "true"}, nil),
	}
	portals, err := carry.NewPortals(store, connections, carry.API{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := portals.Of(t.Context(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Options.Companies || !p.Matching {
		t.Errorf("companies are on: %v, and matched: %v", p.Options.Companies, p.Matching)
	}
}
