package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/integration"
)

// lockedHost keeps CRM ids in a table whose rows somebody else may lock.
type lockedHost struct{}

func (lockedHost) WriteCRMIDs(ctx context.Context, tx *sql.Tx, _ string, ids []integration.CRMID) error {
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, "update host_members set crm_id = '"+id.ID+"' where id = '"+id.Ref.Key+"'"); err != nil {
			return err
		}
	}
	return nil
}

// A host transaction that goes on for long locks a member's row. What is sent
// does not wait for it, and the id arrives once it has ended.
func TestALockedRowOfTheHostStopsNobody(t *testing.T) {
	t.Parallel()
	b := start(t, withConfig(func(c *crmsync.Config) { c.CRMIDs = lockedHost{} }))
	_, err := b.db.Exec("create table host_members (id uuid primary key, crm_id text)")
	must(t, err)
	b.save(tenantA, member(1), member(2))
	for n := range 2 {
		_, err := b.db.Exec("insert into host_members values (?)", memberID(n+1))
		must(t, err)
	}
	long, err := b.db.BeginTx(context.Background(), nil)
	must(t, err)
	defer func() { _ = long.Rollback() }()
	_, err = long.Exec("select 1 from host_members where id = ? for update", memberID(1))
	must(t, err)
	b.connect(tenantA, portalA, tokenA)
	// The run itself waits for the end of what began before the connection.
	b.eventually("both are in sync", func() bool { st := b.status(tenantA); return st.Members.InSync == 2 && st.Pending == 0 })
	id := func(n int) string {
		var id sql.NullString
		must(t, b.db.NewRaw("select crm_id from host_members where id = ?", memberID(n)).Scan(context.Background(), &id))
		return id.String
	}
	if got := id(1); got != "" {
		t.Fatalf("a locked row was written: %q", got)
	}
	must(t, long.Rollback())
	for _, n := range []int{1, 2} {
		c, _ := b.contact(portalA, memberID(n))
		b.eventually("the CRM id", func() bool { return id(n) == c.ID })
	}
	var waiting int
	b.eventually("nothing waits", func() bool {
		must(t, b.db.NewRaw("select count(*) from hubspot_crm_id").Scan(context.Background(), &waiting))
		return waiting == 0
	})
}

// choosyHost takes CRM ids of nobody of tenant A, and of the others at the
// second time of asking.
type choosyHost struct {
	mu    sync.Mutex
	asked map[string]int
	took  map[string]string
}

func (h *choosyHost) WriteCRMIDs(_ context.Context, _ *sql.Tx, clientID string, ids []integration.CRMID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if h.asked[id.Ref.Key]++; clientID == tenantA || h.asked[id.Ref.Key] == 1 {
			return errors.New("not now")
		}
		h.took[id.Ref.Key] = id.ID
	}
	return nil
}

func (h *choosyHost) has(key string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.took[key] != ""
}

// What the host refuses for good is asked less and less often, and holds up no
// other tenant's ids. A disconnection ends it.
func TestIDsThatAreRefusedForGoodStarveNobody(t *testing.T) {
	t.Parallel()
	host := &choosyHost{asked: map[string]int{}, took: map[string]string{}}
	b := start(t, withConfig(func(c *crmsync.Config) { c.CRMIDs = host }))
	for n := range 120 {
		b.host.Put(tenantA, member(n))
	}
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	// Many that were never told again come before any other tenant's.
	_, err := b.db.NewRaw(`insert into hubspot_crm_id (client_id, kind, key, crm_id, since)
		select ?, 'member', gen_random_uuid(), '1', now() - interval '1 day' from generate_series(1, 10000)`, tenantA).Exec(context.Background())
	must(t, err)
	b.host.Put(tenantB, member(500))
	b.connect(tenantB, portalB, tokenB)
	b.eventually("the other tenant's id", func() bool { return host.has(memberID(500)) })
	var rested, kept int
	count := func() {
		must(t, b.db.NewRaw("select count(*) filter (where attempts > 0 and due_at > now()), count(*) from hubspot_crm_id where client_id = ?", tenantA).Scan(context.Background(), &rested, &kept))
	}
	if count(); rested == 0 || kept != 10120 {
		t.Errorf("of %d ids %d rest", kept, rested)
	}
	must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Disconnect(ctx, tx, tenantA) }))
	if count(); kept != 0 {
		t.Errorf("%d ids of a portal that is not connected wait", kept)
	}
}
