package hubspottest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestAwaitWakesOnRequestsAndChanges(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan error, 2)
	go func() {
		done <- b.srv.Await(ctx, func(s *hubspottest.Simulator) bool { return len(s.Requests()) == 1 })
	}()
	go func() {
		done <- b.srv.Await(ctx, func(s *hubspottest.Simulator) bool { return len(s.Portal(4711).Contacts()) == 1 })
	}()
	b.call("GET", "/account-info/v3/details", nil).want(200)
	b.portal.PutContact(map[string]string{"email": "a@example.org"})
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := b.srv.Await(stopped, func(*hubspottest.Simulator) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Fatalf("Await after the end of its context: %v", err)
	}
}

// TestConcurrentUse writes the same members from many sides; the race detector watches,
// and in the end each member is one contact.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 10 {
				var in []input
				for n := range 10 {
					key := fmt.Sprint("M-", (n+i)%20)
					in = append(in, person(key, key+"@example.org", fmt.Sprint(n)))
				}
				if a, err := b.try("POST", contacts+"/batch/upsert", inputs(in...)); err != nil || a.status != http.StatusOK {
					t.Errorf("writer %d: %v %s", w, err, a.raw)
				}
				b.srv.Requests()
				b.portal.Contacts()
				if _, err := b.try("POST", contacts+"/search", where("email", "HAS_PROPERTY")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(b.portal.Contacts()); n != 19 {
		t.Fatalf("%d contacts, want 19", n)
	}
}

// TestTwoSimulatorsShareNothing also serves without a listener.
func TestTwoSimulatorsShareNothing(t *testing.T) {
	t.Parallel()
	one, two := hubspottest.New(hubspottest.Options{}), hubspottest.New(hubspottest.Options{})
	for _, s := range []*hubspottest.Simulator{one, two} {
		s.AddPortal(hubspottest.Portal{ID: 1, Token: testToken})
	}
	one.Portal(1).PutContact(map[string]string{"email": "a@example.org"})
	req := httptest.NewRequest("GET", "/account-info/v3/details", nil)
	req.Header.Set("Authorization", "bearer "+testToken)
	rec := httptest.NewRecorder()
	two.ServeHTTP(rec, req)
	if rec.Code != 200 || len(two.Portal(1).Contacts()) != 0 || len(one.Requests()) != 0 || len(two.Requests()) != 1 {
		t.Fatalf("%d, %v", rec.Code, two.Requests())
	}
}
