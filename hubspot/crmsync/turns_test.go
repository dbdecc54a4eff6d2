package crmsync_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
)

func tenants(ids ...string) func(context.Context) ([]string, error) {
	return func(context.Context) ([]string, error) { return ids, nil }
}

// One tenant's long turn keeps its own place, and neither the others nor the
// list; nobody has two turns at a time.
func TestALongTurnHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var began []string
		long := make(chan struct{})
		turns := crmsync.NewTurns(2, time.Now, func(_ context.Context, tenant string) error {
			mu.Lock()
			began = append(began, tenant)
			mu.Unlock()
			if tenant == "long" {
				<-long
			}
			return nil
		})
		for range 3 {
			must(t, turns.Offer(t.Context(), tenants("long", "a", "b")))
			synctest.Wait()
		}
		if slices.Sort(began); !slices.Equal(began, []string{"a", "a", "a", "b", "b", "b", "long"}) {
			t.Errorf("turns of %v", began)
		}
		close(long)
		synctest.Wait()
		must(t, turns.Offer(t.Context(), tenants("long")))
		turns.Wait()
		if len(began) != 8 {
			t.Errorf("after its end no other turn: %v", began)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, turns.Offer(ended, tenants("long", "long", "long")))
		turns.Wait()
	})
}

// A tenant whose turns fail is tried less and less often, until one goes well.
func TestATenantWhoseTurnsFailRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fault := errors.New("the host is down")
		var failed []time.Duration
		start := time.Now()
		turns := crmsync.NewTurns(1, time.Now, func(context.Context, string) error {
			failed = append(failed, time.Since(start))
			return fault
		})
		for range 4 * 60 {
			must(t, turns.Offer(t.Context(), tenants("a")))
			turns.Wait()
			<-time.After(250 * time.Millisecond)
		}
		want := []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond, 7500 * time.Millisecond, 15500 * time.Millisecond, 31500 * time.Millisecond}
		if !slices.Equal(failed, want) {
			t.Errorf("tried at %v, want %v", failed, want)
		}
		fault = nil
		<-time.After(time.Minute)
		for range 2 {
			must(t, turns.Offer(t.Context(), tenants("a")))
			turns.Wait()
		}
		if len(failed) != len(want)+2 {
			t.Errorf("a turn that went well is followed by a rest: %v", failed)
		}
	})
}

// While HubSpot does not answer a search of one tenant's, the full sync of
// another one comes to its end.
func TestAMatchingHoldsUpNobodysRun(t *testing.T) {
	t.Parallel()
	asked, held := make(chan struct{}), make(chan struct{})
	asks, answer := sync.OnceFunc(func() { close(asked) }), sync.OnceFunc(func() { close(held) })
	defer answer()
	b := start(t, withBefore(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/search") {
			asks()
			<-held
		}
	}))
	b.host.PutEntity(tenantA, named(1, "Club", ""))
	b.host.Put(tenantB, member(1))
	b.connectWith(companies)
	<-asked
	b.connect(tenantB, portalB, tokenB)
	if st := b.settled(tenantB); st.Members.InSync != 1 {
		t.Errorf("members %+v", st.Members)
	}
	answer()
	b.settled(tenantA)
	b.wantCompany(1)
}
