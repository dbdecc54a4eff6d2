package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Who is deleted while nothing is recorded, or while the part is off, is not
// left behind in HubSpot: a full sync finds it by what we remember of the portal.
func TestWhoLeftWhileNobodyListenedIsFound(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(b *bundle){
		"switched off": func(b *bundle) { b.connectWith(map[string]string{"syncContacts": "false"}) },
		"disconnected": func(b *bundle) {
			must(b.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Disconnect(ctx, tx, tenantA) }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.save(tenantA, member(1), member(2), member(3))
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			away(b)
			b.host.Delete(tenantA, memberID(2))
			b.record(integration.MemberChanged(tenantA, memberID(2)))
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			for n, want := range map[int]string{1: "active", 2: "deleted", 3: "active"} {
				if c, _ := b.contact(portalA, memberID(n)); c.Properties["memberpulse_member_status"] != want {
					t.Errorf("member %d has the status %q, want %q", n, c.Properties["memberpulse_member_status"], want)
				}
			}
			if st := b.status(tenantA); st.Members.Total != 2 || st.Members.InSync != 2 {
				t.Errorf("members = %+v", st.Members)
			}
		})
	}
}

// panicking is a host whose writer of CRM ids has a bug.
type panicking struct{}

func (panicking) WriteCRMIDs(context.Context, *sql.Tx, string, []integration.CRMID) error {
	panic("a bug of the host")
}

// A bug of the host's holds nobody, and does not end the process.
func TestAPanickingWriterOfCRMIDsStopsNobody(t *testing.T) {
	t.Parallel()
	b := start(t, withConfig(func(c *crmsync.Config) { c.CRMIDs = panicking{} }))
	b.save(tenantA, member(1))
	b.connect(tenantA, portalA, tokenA)
	if st := b.settled(tenantA); st.Members.InSync != 1 || st.Members.NeedsAttention != 0 {
		t.Errorf("members = %+v", st.Members)
	}
}

// flaky is a calendar that fails a few times.
type flaky struct{ left *atomic.Int32 }

func (f flaky) TimeZone(context.Context, string) (*time.Location, error) {
	if f.left.Add(-1) >= 0 {
		return nil, errors.New("the calendar does not answer")
	}
	return time.UTC, nil
}

// A fault of the host that is no member's is counted against no member: five of
// those would hold everybody for a person.
func TestAFlakyCalendarCountsAgainstNobody(t *testing.T) {
	t.Parallel()
	left := &atomic.Int32{}
	left.Store(1)
	b := start(t, withConfig(func(c *crmsync.Config) { c.Calendar = flaky{left} }))
	b.save(tenantA, member(1), member(2))
	b.connect(tenantA, portalA, tokenA)
	if st := b.settled(tenantA); st.Members.InSync != 2 || st.Members.NeedsAttention != 0 || left.Load() >= 0 {
		t.Errorf("members = %+v, %d failures left", st.Members, left.Load())
	}
	if strings.Contains(b.log.String(), "batch was not settled") {
		t.Error("a batch was left without a settlement, which counts against its members")
	}
}
