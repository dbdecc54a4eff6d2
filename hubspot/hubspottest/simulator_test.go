package hubspottest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
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

// abandon sends a create, waits until the simulator is in the state, and hangs up.
func (b *bench) abandon(state func(*hubspottest.Simulator) bool) {
	b.t.Helper()
	limit, stop := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer stop()
	ctx, cancel := context.WithCancel(limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", b.srv.URL+contacts, strings.NewReader(`{"properties":{"email":"a@example.org"}}`))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	done := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			err = resp.Body.Close()
		}
		done <- err
	}()
	if err := b.srv.Await(limit, state); err != nil {
		b.t.Fatal(err)
	}
	cancel()
	if err := <-done; err == nil {
		b.t.Fatal("the client got a reply")
	}
	if err := b.srv.Await(limit, func(s *hubspottest.Simulator) bool { return len(s.Requests()) == 1 }); err != nil {
		b.t.Fatal(err)
	}
	if log := b.srv.Requests(); log[0].Status != 0 {
		b.t.Fatalf("%+v", log)
	}
}

func TestACallHeldBackEndsWithItsClient(t *testing.T) {
	t.Parallel()
	held := func(s *hubspottest.Simulator) bool { return s.Waiting() == 1 }
	b := setup(t, hubspottest.Options{Latency: time.Hour})
	b.abandon(held)
	if n := len(b.portal.Contacts()); n != 0 {
		t.Fatalf("under latency: %d contacts", n)
	}
	b.srv.SetLatency(0)
	b.call("GET", contacts, nil).want(200)

	b = setup(t, hubspottest.Options{})
	b.srv.Inject(hubspottest.Fault{Delay: time.Hour})
	b.abandon(held)
	if n := len(b.portal.Contacts()); n != 0 {
		t.Fatalf("under a delay: %d contacts", n)
	}

	b = setup(t, hubspottest.Options{})
	b.srv.Inject(hubspottest.Fault{Delay: time.Hour, Commit: true})
	b.abandon(func(s *hubspottest.Simulator) bool { return len(s.Portal(4711).Contacts()) == 1 && s.Waiting() == 1 })
}

func TestBodyOverTheCap(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{MaxBody: 100})
	a, err := b.try("POST", contacts, input{"properties": input{"email": strings.Repeat("a", 200)}})
	if err == nil {
		a.want(http.StatusRequestEntityTooLarge)
	}
	if log := b.srv.Requests(); len(log) != 1 || log[0].Status != 413 || log[0].Body != nil {
		t.Fatalf("%+v", log)
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

func TestCorrelationIDsAreOfTheReply(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	seen := map[string]bool{}
	for range 20 {
		a := b.call("GET", contacts+"/1", nil).want(404)
		id := a.text("correlationId")
		if len(id) != 36 || seen[id] || a.header.Get("X-HubSpot-Correlation-Id") != id {
			t.Fatalf("%q against %v", id, a.header)
		}
		seen[id] = true
	}
}
