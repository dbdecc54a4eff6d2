package crmsync_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// moody is a settings store that fails now and then.
type moody struct {
	integration.SettingsStore
	down *atomic.Bool
	met  chan struct{}
}

func (m moody) Load(ctx context.Context, clientID string, id integration.ID) (integration.StoredSettings, error) {
	if m.down.Load() {
		select {
		case m.met <- struct{}{}:
		default:
		}
		return integration.StoredSettings{}, errors.New("store is down")
	}
	return m.SettingsStore.Load(ctx, clientID, id)
}

// A store that does not answer is nobody's fault among the members: a few looks
// would otherwise use up their attempts, and hold a change for ever, in silence.
func TestSettingsThatCannotBeReadCountAgainstNoMember(t *testing.T) {
	t.Parallel()
	down, met := &atomic.Bool{}, make(chan struct{})
	b := start(t, withStore(func(s integration.SettingsStore) integration.SettingsStore { return moody{s, down, met} }))
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1))
	b.settled(tenantA)
	down.Store(true)
	m := member(1)
	m.FirstName = "Changed"
	b.save(tenantA, m)
	<-met
	<-met
	backlog, err := b.box.Backlog(context.Background(), tenantA)
	must(t, err)
	if backlog.Waiting != 1 || backlog.Retrying != 0 || backlog.Held != 0 {
		t.Errorf("backlog = %+v, want the row where it was", backlog)
	}
	down.Store(false)
	b.eventually("the change", func() bool {
		c, _ := b.contact(portalA, m.ID)
		return c.Properties["firstname"] == "Changed"
	})
}

// What HubSpot says of a key that has been replaced meanwhile stops nobody.
func TestKeyReplacedWhileACallIsOut(t *testing.T) {
	t.Parallel()
	const fresh = "pat-na1-cccccccc-0000-0000-0000-000000000003"
	refused, goOn := make(chan struct{}, 100), make(chan struct{})
	b := start(t, withTransport(carrier(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && resp.StatusCode == http.StatusUnauthorized {
			refused <- struct{}{}
			<-goOn
		}
		return resp, err
	})))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.sim.Portal(portalA).RevokeToken(tokenA)
	b.sim.Portal(portalA).AddToken(fresh)
	b.save(tenantA, member(1))
	<-refused
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), fresh, true))
	close(goOn)
	b.eventually("the member", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
	if st := b.settled(tenantA); st.Health != integration.HealthOK {
		t.Errorf("status = %+v", st)
	}
}

// A portal that refuses everybody alike must not cost two calls a member, also
// if it gives no reason, and also when it refuses to be read.
func TestRefusalOfEverybodyIsBounded(t *testing.T) {
	t.Parallel()
	body := `{"status":"error","category":"VALIDATION_ERROR","message":"no","correlationId":"11111111-2222-3333-4444-555555555555"}`
	for _, path := range []string{"/batch/upsert", "/batch/read"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			b.sim.Inject(hubspottest.Fault{PathContains: path, Status: 400, Body: body})
			b.sim.ResetRequests()
			everyone(b, 100, -1)
			// One batch of a hundred, or two if the window was cut.
			b.eventually("a first look at all", func() bool {
				backlog, err := b.box.Backlog(context.Background(), tenantA)
				must(t, err)
				return backlog.Waiting == 0
			})
			if n := b.calls(path); n > 60 {
				t.Errorf("%d calls for 100 members", n)
			}
			if st := b.status(tenantA); st.Members.NeedsAttention == 0 || st.Members.NeedsAttention > 20 {
				t.Errorf("members = %+v", st.Members)
			}
		})
	}
}

// A timeout that HubSpot reports is no member's fault.
func TestRequestTimeoutIsAnOutage(t *testing.T) {
	t.Parallel()
	f := verdict.Read(&hubspot.Error{Status: 408})
	if f.Code != verdict.Outage || !f.Tenant || f.Hold || f.Bisect {
		t.Errorf("failure = %+v", f)
	}
}

// HubSpot is not quoted with what was found here.
func TestOwnFindingIsNotHubSpots(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	m := member(1)
	m.Memberships[0].Status = "lapsed"
	b.save(tenantA, m)
	b.eventually("the record", func() bool { return b.status(tenantA).Members.NeedsAttention == 1 })
	if r := b.logOf(tenantA, m.ID); strings.Contains(r.Error, "HubSpot says") || !strings.Contains(r.Error, `"lapsed"`) {
		t.Errorf("error = %q", r.Error)
	}
}
