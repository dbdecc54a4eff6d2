package hubspot_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func update(ctx context.Context, c *hubspot.Client, id string) error {
	_, err := c.BatchUpdate(ctx, hubspot.Contacts, []hubspot.Input{{ID: id, Properties: map[string]string{"firstname": "A"}}})
	return err
}

func TestOutcomeOfFailedWrites(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault hubspottest.Fault
		want  hubspot.Outcome
	}{
		{"400", hubspottest.Fault{Status: 400}, hubspot.Known},
		{"401", hubspottest.Fault{Status: 401}, hubspot.Known},
		{"403", hubspottest.Fault{Status: 403}, hubspot.Known},
		{"409", hubspottest.Fault{Status: 409}, hubspot.Known},
		{"429", hubspottest.Fault{Status: 429}, hubspot.Known},
		{"477", hubspottest.Fault{Status: 477}, hubspot.Known},
		{"500", hubspottest.Fault{Status: 500}, hubspot.Unknown},
		{"524", hubspottest.Fault{Status: 524}, hubspot.Unknown},
		{"lost reply", hubspottest.Fault{LoseReply: true}, hubspot.Unknown},
		{"dropped", hubspottest.Fault{DropBefore: true}, hubspot.Unknown}, // we cannot know
		{"cut off", hubspottest.Fault{Truncate: true}, hubspot.Unknown},
		{"slow", hubspottest.Fault{Delay: time.Hour}, hubspot.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, hubspottest.Options{}, func(cfg *hubspot.Config) { cfg.CallTimeout = 2 * time.Second })
			person := b.portal.PutContact(map[string]string{"email": "a@example.org"})
			b.sim.Inject(c.fault)
			err := update(t.Context(), b.client, person.ID)
			if e := wantError(t, err); e.Outcome != c.want {
				t.Errorf("outcome %v, want %v: %v", e.Outcome, c.want, e)
			}
			_, err = b.client.BatchRead(t.Context(), hubspot.Contacts, hubspot.BatchRead{IDs: []string{person.ID}})
			if hubspot.OutcomeUnknown(err) {
				t.Errorf("a read has no outcome to doubt: %v", err)
			}
		})
	}
}

func TestNothingWasSentWithoutAConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	cl, err := hubspot.NewClient(hubspot.Config{BaseURL: "http://" + addr, Token: func() string { return testToken }})
	if err != nil {
		t.Fatal(err)
	}
	e := wantError(t, update(t.Context(), cl, "1"))
	if e.Code != hubspot.CodeNetwork || e.Outcome != hubspot.Known {
		t.Errorf("%+v", e)
	}
}

func TestCancelledWriteInFlight(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cl := against(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the client go
		cancel()
		<-r.Context().Done()
	})
	e := wantError(t, update(ctx, cl, "1"))
	if e.Code != hubspot.CodeCanceled || e.Outcome != hubspot.Unknown || !errors.Is(e, context.Canceled) {
		t.Errorf("%+v", e)
	}
}

func TestCancelledBeforeItBegan(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := wantError(t, update(ctx, b.client, "1"))
	if e.Code != hubspot.CodeCanceled || e.Outcome != hubspot.Known || len(b.sim.Requests()) != 0 {
		t.Errorf("%+v", e)
	}
}

// mute is a transport that fails and does not report how far it got.
type mute struct{}

func (mute) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func TestSilentTransportIsTakenToHaveSent(t *testing.T) {
	t.Parallel()
	cl, err := hubspot.NewClient(hubspot.Config{BaseURL: "http://localhost", Token: func() string { return testToken }, Transport: mute{}})
	if err != nil {
		t.Fatal(err)
	}
	if e := wantError(t, update(t.Context(), cl, "1")); e.Code != hubspot.CodeNetwork || e.Outcome != hubspot.Unknown {
		t.Errorf("%+v", e)
	}
}
