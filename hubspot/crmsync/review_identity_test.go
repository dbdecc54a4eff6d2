package crmsync_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// bodyOf reads a request's body and leaves it in place.
func bodyOf(r *http.Request) string {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return string(raw)
}

// One contact has the addresses of two members, who are looked up by two
// batches at once. The second one has read it before the first has written it,
// and decides after that, but before the first is settled: no link says yet
// whose contact it is.
func TestTwoMembersOfOneContactInTwoBatches(t *testing.T) {
	t.Parallel()
	read, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	b := start(t, withTransport(carrier(func(r *http.Request) (*http.Response, error) {
		late := strings.HasSuffix(r.URL.Path, "/batch/read") && strings.Contains(bodyOf(r), "member2@example.org")
		resp, err := http.DefaultTransport.RoundTrip(r)
		if late {
			once.Do(func() { close(read) })
			<-goOn
		}
		return resp, err
	})))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	portal := b.sim.Portal(portalA)
	shared := portal.PutContact(map[string]string{"email": "member1@example.org", "hs_additional_emails": "member2@example.org"})
	b.save(tenantA, member(10))
	b.settled(tenantA) // from now on two batches may be out at once
	b.save(tenantA, member(2))
	<-read
	ctx := context.Background()
	other, err := migrationstest.Open(t, b.db).BeginTx(ctx, nil)
	must(t, err)
	var n int
	must(t, other.NewRaw("select 1 from hubspot_outbox_tenant where tenant = ? for update", tenantA).Scan(ctx, &n))
	waiting := func(want int) bool {
		var n int
		must(t, b.db.NewRaw("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'").Scan(ctx, &n))
		return n >= want
	}
	b.save(tenantA, member(1))
	b.eventually("the first member to be settled", func() bool { return waiting(1) })
	close(goOn)
	b.eventually("the second member to be settled", func() bool { return waiting(2) })
	must(t, other.Rollback())
	b.settledBut(tenantA, 1)
	c, _ := portal.Contact(shared.ID)
	if c.Properties["memberpulse_member_id"] != memberID(1) || c.Properties["firstname"] != "First1" {
		t.Errorf("the contact of member 1 is %v", c.Properties)
	}
	b.eventually("the collision", func() bool { return b.status(tenantA).Members.NeedsAttention == 1 })
	if r := b.logOf(tenantA, memberID(2)); r.Code != "collision" {
		t.Errorf("record = %+v", r)
	}
}

// settledBut waits until all but n members are settled.
func (b *bundle) settledBut(tenant string, n int) {
	b.t.Helper()
	b.eventually("most settled", func() bool { return b.status(tenant).Pending <= n })
}

// A member frozen by a merge is not in sync again because its values are what
// they were before the merge.
func TestFrozenMemberIsNotInSyncByItsOldFingerprint(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{
		"write by an old id lands on the survivor": {},
		"write by an old id is refused":            {MergedIDRejectsWrite: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(o))
			b.connect(tenantA, portalA, tokenA)
			kept, gone := member(1), member(2)
			b.save(tenantA, kept, gone)
			b.settled(tenantA)
			portal := b.sim.Portal(portalA)
			first, _ := b.contact(portalA, kept.ID)
			second, _ := b.contact(portalA, gone.ID)
			survivor := portal.MergeContacts(first.ID, second.ID)
			kept.LastName = "Kept"
			b.save(tenantA, kept)
			b.eventually("the first member on the survivor", func() bool { return b.logOf(tenantA, kept.ID).CRMEntityID == survivor })
			b.settled(tenantA)
			gone.LastName = "Gone"
			b.save(tenantA, gone)
			b.eventually("the freeze", func() bool { return b.logOf(tenantA, gone.ID).Code == "merged" })
			frozen := b.logOf(tenantA, gone.ID).UpdatedAt
			b.save(tenantA, member(2))
			b.eventually("another look", func() bool { return b.logOf(tenantA, gone.ID).UpdatedAt.After(frozen) })
			if r := b.logOf(tenantA, gone.ID); r.Status != integration.SyncFailed || r.Code != "merged" {
				t.Errorf("record = %+v", r)
			}
			b.eventually("the survivor's own values", func() bool {
				c, _ := portal.Contact(survivor)
				return c.Properties["lastname"] == "Kept" && c.Properties["memberpulse_member_id"] == kept.ID
			})
		})
	}
}

// A pending member is not sent: it does not keep its address from another.
func TestMemberWhoIsLeftOutKeepsNoAddress(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	pending, active := member(1), member(2)
	pending.Status = integration.MemberPending
	active.Email = pending.Email
	b.save(tenantA, pending, active)
	b.eventually("both looked at", func() bool { return b.status(tenantA).Pending == 0 })
	if r := b.logOf(tenantA, active.ID); r.Status != integration.SyncSynced {
		t.Errorf("record = %+v", r)
	}
}

// swapped is a host whose query returns another member's row.
type swapped struct {
	integration.Source
	row map[string]integration.Member
}

func (s swapped) Load(ctx context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	out, err := s.Source.Load(ctx, clientID, refs)
	for i, l := range out {
		if m, ok := s.row[l.Ref.Key]; ok {
			out[i].Entity = m
		}
	}
	return out, err
}

// A row of another member, whatever led to it, is not written to a contact.
func TestAnswerOfAnotherMemberIsNoAnswer(t *testing.T) {
	t.Parallel()
	b := start(t, withSource(func(s integration.Source) integration.Source {
		return swapped{s, map[string]integration.Member{memberID(1): member(9)}}
	}))
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.save(tenantA, member(1), member(2))
	b.eventually("the other one", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	b.eventually("a reason", func() bool { return b.status(tenantA).Pending <= 1 && b.logOf(tenantA, memberID(1)).Code == "host" })
	if got := len(b.sim.Portal(portalA).Contacts()); got != 1 {
		t.Errorf("%d contacts", got)
	}
}
