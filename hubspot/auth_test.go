package hubspot_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestTokenIsInTheHeaderAndNowhereElse(t *testing.T) {
	t.Parallel()
	var bad atomic.Value
	cl := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+testToken {
			bad.Store("authorization header")
		}
		if strings.Contains(r.URL.String(), testToken) || r.Header.Get("User-Agent") != "memberpulse-hubspotplugin" {
			bad.Store(r.URL.String() + r.UserAgent())
		}
		_, _ = w.Write([]byte(`{"portalId":1}`))
	})
	if _, err := cl.AccountDetails(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := bad.Load(); v != nil {
		t.Error(v)
	}
}

// A server that echoes the token, in every way it can, gets it into no error
// and no log.
func TestEchoedTokenStaysOut(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 302, 400, 401, 429, 500} {
		var logged bytes.Buffer
		cl := against(t, func(w http.ResponseWriter, r *http.Request) {
			echo := r.Header.Get("Authorization")
			w.Header().Set("X-HubSpot-Correlation-Id", echo)
			w.Header().Set("Location", "https://example.org/"+testToken)
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"message":%[1]q,"category":%[1]q,"policyName":%[1]q,"correlationId":%[1]q,"status":%[1]q}`, echo)
		}, func(c *hubspot.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		err := update(t.Context(), cl, "1")
		if err != nil && strings.Contains(fmt.Sprintf("%+v %#v", err, err), "pat-na1") {
			t.Errorf("status %d: %v", status, err)
		}
		if strings.Contains(logged.String(), "pat-na1") {
			t.Errorf("status %d: logged %s", status, logged.String())
		}
	}
}

func TestEachAttemptReadsTheTokenAfresh(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	b := setup(t, hubspottest.Options{}, func(c *hubspot.Config) {
		c.Token = func() string {
			if calls.Add(1) == 1 {
				return "pat-old"
			}
			return testToken
		}
	})
	b.sim.Inject(hubspottest.Fault{Status: 503, Times: 1})
	if _, err := b.client.AccountDetails(t.Context()); err != nil {
		t.Errorf("%v", err)
	}
	if calls.Load() != 2 {
		t.Errorf("%d reads of the token", calls.Load())
	}
}

func TestUnusableTokensAreNotSent(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", " ", "a b", "a\r\nX-Evil: 1", "ü", strings.Repeat("a", 5000)} {
		b := setup(t, hubspottest.Options{}, func(c *hubspot.Config) { c.Token = func() string { return token } })
		_, err := b.client.AccountDetails(t.Context())
		e := wantError(t, err)
		if e.Code != hubspot.CodeNoToken || !hubspot.IsAuth(e) || e.Outcome != hubspot.Known {
			t.Errorf("%+v", e)
		}
		if n := len(b.sim.Requests()); n != 0 {
			t.Errorf("%d requests", n)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		cl := against(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/collect", status)
		})
		_, err := cl.AccountDetails(t.Context())
		if e := wantError(t, err); e.Code != hubspot.CodeRedirect || e.Status != status {
			t.Errorf("%+v", e)
		}
	}
	if reached.Load() {
		t.Error("the other host was called")
	}
}

func TestRevokedToken(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{})
	b.portal.RevokeToken(testToken)
	_, err := b.client.AccountDetails(t.Context())
	e := wantError(t, err)
	if !hubspot.IsAuth(e) || hubspot.IsTransient(e) || e.CorrelationID == "" {
		t.Errorf("%+v", e)
	}
}

func TestTokenIsForTheConfiguredHostOnly(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	next := direct{http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) })}
	layer := hubspot.NewAuth(func() string { return testToken }, "api.hubapi.com", next)
	for _, url := range []string{"https://api.hubapi.com.example.org/", "https://api.hubapi.com:8443/", "https://example.org/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := layer.RoundTrip(req); err == nil || reached.Load() != 0 {
			t.Errorf("%s was called", url)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.hubapi.com/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := layer.RoundTrip(req); err != nil || reached.Load() != 1 {
		t.Errorf("the configured host was not called: %v", err)
	}
	if req.Header.Get("Authorization") != "" {
		t.Error("the caller's request holds the token")
	}
}
