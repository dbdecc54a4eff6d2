package hubspottest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

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
