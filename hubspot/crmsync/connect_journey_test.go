package crmsync_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

type txType = *sql.Tx

func TestConnectRefusesWithTheFieldAndTheRemedy(t *testing.T) {
	t.Parallel()
	b := start(t)
	weak := "pat-na1-dddddddd-0000-0000-0000-000000000004"
	readOnly := "pat-na1-eeeeeeee-0000-0000-0000-000000000005"
	b.sim.Portal(portalA).AddToken(weak, "crm.objects.companies.read")
	b.sim.Portal(portalA).AddToken(readOnly, "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read")
	b.connect(tenantB, portalB, tokenB)
	for name, c := range map[string]struct{ portal, token, field, say string }{
		"no portal":         {"", tokenA, "portalId", "required"},
		"letters":           {"12ab", tokenA, "portalId", "digits"},
		"no key":            {"12345678", "", "apiKey", "required"},
		"short key":         {"12345678", "pat-na1", "apiKey", "too short"},
		"refused key":       {"12345678", "pat-na1-00000000-0000-0000-0000-000000000000", "apiKey", "does not accept"},
		"key of another":    {"12345678", tokenB, "portalId", "belongs to portal 87654321"},
		"no scope":          {"12345678", weak, "apiKey", "crm.objects.contacts.read"},
		"no schema scope":   {"12345678", readOnly, "apiKey", "crm.schemas.contacts.write"},
		"portal of another": {"87654321", tokenB, "", "another association"},
	} {
		t.Run(name, func(t *testing.T) {
			err := b.tryConnect(tenantA, c.portal, c.token, true)
			if err == nil {
				t.Fatal("connected")
			}
			var fields integration.FieldErrors
			if c.field != "" && (!errors.As(err, &fields) || len(fields[c.field]) == 0) {
				t.Fatalf("error %v names no field %s", err, c.field)
			}
			if !strings.Contains(err.Error(), c.say) {
				t.Errorf("error %q does not say %q", err, c.say)
			}
			if strings.Contains(err.Error(), "pat-na1-") {
				t.Error("the key is in the error")
			}
		})
	}
	if st := b.status(tenantA); st.Connected {
		t.Error("half connected")
	}
	if got := b.calls("/batch/upsert"); got != 0 {
		t.Errorf("%d writes", got)
	}
}

func TestCheckChangesNothing(t *testing.T) {
	t.Parallel()
	b := start(t)
	set, err := crmsync.Spec().Schema.Parse(map[string]string{"portalId": "12345678", "apiKey": tokenA}, integration.Settings{})
	must(t, err)
	report, err := b.syncer.Check(context.Background(), tenantA, set)
	must(t, err)
	if !report.OK || len(report.Items) < 5 {
		t.Errorf("report = %+v", report)
	}
	for _, r := range b.sim.Requests() {
		if r.Method == "POST" && strings.Contains(r.Path, "/properties/") {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if st := b.status(tenantA); st.Connected || st.Health != integration.HealthOff {
		t.Errorf("status = %+v", st)
	}
}

func TestNoFreeUniqueProperty(t *testing.T) {
	t.Parallel()
	b := start(t)
	client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
	must(t, err)
	for i := range 10 {
		_, err := client.CreateProperty(context.Background(), hubspot.Contacts, hubspot.Property{
			Name: fmt.Sprintf("other_key_%d", i), Label: "Other key", GroupName: "contactinformation", Type: "string", FieldType: "text", HasUniqueValue: true,
		})
		must(t, err)
	}
	err = b.tryConnect(tenantA, "12345678", tokenA, true)
	var e *integration.Error
	if !errors.As(err, &e) || !strings.Contains(e.Title, "unique") || e.Fix == "" {
		t.Fatalf("error = %v", err)
	}
}

// Nothing that is committed around the moment of connecting is lost: writers
// that began before it saw the gate closed and recorded nothing.
func TestConnectingInTheMiddleOfWrites(t *testing.T) {
	t.Parallel()
	for _, level := range []sql.IsolationLevel{sql.LevelReadCommitted, sql.LevelRepeatableRead} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			b := start(t)
			ctx := context.Background()
			before := member(1)
			b.host.Put(tenantA, before)
			writer := migrationstest.Open(t, b.db)
			late, err := writer.BeginTx(ctx, &sql.TxOptions{Isolation: level})
			must(t, err)
			var n int
			must(t, late.NewRaw("select 1").Scan(ctx, &n)) // takes the snapshot
			if level == sql.LevelReadCommitted {
				// It records before the gate opens; under REPEATABLE READ after it.
				must(t, appendMember(b, ctx, late, before.ID))
			}
			b.connect(tenantA, portalA, tokenA)
			if level == sql.LevelRepeatableRead {
				must(t, appendMember(b, ctx, late, before.ID))
			}
			b.eventually("the run waiting", func() bool { st := b.status(tenantA); return st.Run != nil })
			changed := before
			changed.FirstName = "Changed"
			b.host.Put(tenantA, changed)
			born := member(2)
			b.host.Put(tenantA, born)
			must(t, late.Commit())
			b.eventually("what the late writer committed", func() bool {
				c, _ := b.contact(portalA, before.ID)
				_, ok := b.contact(portalA, born.ID)
				return ok && c.Properties["firstname"] == "Changed"
			})
			b.settled(tenantA)
		})
	}
}

// A transaction that stays open for long does not keep everybody else waiting;
// what it commits is found by the second walk.
func TestSecondWalkFindsWhatALongTransactionCommits(t *testing.T) {
	t.Parallel()
	b := start(t)
	ctx := context.Background()
	b.host.Put(tenantA, member(1))
	long, err := migrationstest.Open(t, b.db).BeginTx(ctx, nil)
	must(t, err)
	var n int
	must(t, long.NewRaw("select 1").Scan(ctx, &n))
	must(t, appendMember(b, ctx, long, memberID(1)))
	b.connect(tenantA, portalA, tokenA)
	b.eventually("the others, without waiting for ever", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
	changed := member(1)
	changed.FirstName = "Changed"
	b.host.Put(tenantA, changed)
	must(t, long.Commit())
	b.eventually("the long transaction's change", func() bool {
		c, _ := b.contact(portalA, memberID(1))
		return c.Properties["firstname"] == "Changed"
	})
	b.settled(tenantA)
}

func appendMember(b *bundle, ctx context.Context, tx bun.Tx, id string) error {
	entries, err := crmsync.Entries([]integration.Change{integration.MemberChanged(tenantA, id)})
	if err != nil {
		return err
	}
	return b.box.Append(ctx, tx, entries...)
}

func TestPauseKeepsAndDisconnectDrops(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1))
	b.settled(tenantA)
	linked, _ := b.contact(portalA, memberID(1))
	must(t, b.inTx(func(ctx context.Context, tx txType) error { return b.syncer.SetPaused(ctx, tx, tenantA, true) }))
	b.save(tenantA, member(2))
	b.eventually("the paused change on the page", func() bool { st := b.status(tenantA); return st.Paused && st.Pending == 1 })
	if st := b.status(tenantA); !strings.HasPrefix(st.Sentence, "Paused.") || st.Health != integration.HealthOff {
		t.Errorf("status = %+v", st)
	}
	must(t, b.inTx(func(ctx context.Context, tx txType) error { return b.syncer.SetPaused(ctx, tx, tenantA, false) }))
	b.eventually("the change after the pause", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	must(t, b.inTx(func(ctx context.Context, tx txType) error { return b.syncer.SetPaused(ctx, tx, tenantA, true) }))
	b.save(tenantA, member(3))
	must(t, b.inTx(func(ctx context.Context, tx txType) error {
		if err := b.syncer.Disconnect(ctx, tx, tenantA); err != nil {
			return err
		}
		return b.settings.Forget(ctx, tx, tenantA, crmsync.PluginID)
	}))
	if st := b.status(tenantA); st.Connected || st.Pending != 0 {
		t.Errorf("status = %+v", st)
	}
	b.save(tenantA, member(4)) // not recorded
	if r := b.logOf(tenantA, memberID(1)); r.Status != integration.SyncSynced {
		t.Errorf("the log is gone: %+v", r)
	}
	// The same portal again: links are reused, and everybody is compared in full.
	b.sim.Portal(portalA).EditContact(linked.ID, map[string]string{"firstname": "edited meanwhile"})
	b.connect(tenantA, portalA, tokenA)
	b.eventually("all four", func() bool { return b.status(tenantA).Members.InSync == 4 })
	c, _ := b.contact(portalA, memberID(1))
	if c.ID != linked.ID || c.Properties["firstname"] != "First1" {
		t.Errorf("contact = %s %v, want %s as in the host", c.ID, c.Properties["firstname"], linked.ID)
	}
}

func TestAnotherPortalNeedsADisconnection(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	err := b.tryConnect(tenantA, fmt.Sprint(portalB), tokenB, true)
	var e *integration.Error
	if !errors.As(err, &e) || e.Kind != integration.Conflict {
		t.Fatalf("error = %v", err)
	}
	b.save(tenantA, member(1))
	b.eventually("the contact in the first portal", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
}

func TestSyncContactsOffSendsNothingAndOnSendsAll(t *testing.T) {
	t.Parallel()
	b := start(t)
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), tokenA, false))
	b.save(tenantA, member(1), member(2))
	b.eventually("nothing waits", func() bool { return b.status(tenantA).Pending == 0 })
	if n := len(b.sim.Portal(portalA).Contacts()); n != 0 {
		t.Fatalf("%d contacts", n)
	}
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), tokenA, true))
	b.eventually("both", func() bool { return b.status(tenantA).Members.InSync == 2 })
}

func TestFullSyncMendsWhatWasEditedInHubSpot(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	everyone(b, 10, -1)
	b.settled(tenantA)
	c, _ := b.contact(portalA, memberID(4))
	b.sim.Portal(portalA).EditContact(c.ID, map[string]string{"lastname": "edited"})
	_, err := b.syncer.Sync(context.Background(), tenantA)
	must(t, err)
	if _, err := b.syncer.Sync(context.Background(), tenantA); err != nil {
		var e *integration.Error
		if !errors.As(err, &e) || e.Kind != integration.Conflict {
			t.Errorf("second run: %v", err)
		}
	}
	b.eventually("the mended name", func() bool {
		c, _ := b.contact(portalA, memberID(4))
		return c.Properties["lastname"] == "Last4"
	})
	st := b.settled(tenantA)
	if st.Run == nil || st.Run.Done != 10 || st.Run.Phase != "done" {
		t.Errorf("run = %+v", st.Run)
	}
}

func TestTwoReplicasShareTheWork(t *testing.T) {
	t.Parallel()
	first := start(t, withSim(hubspottest.Options{}))
	second := start(t, beside(first))
	first.connect(tenantA, portalA, tokenA)
	first.connect(tenantB, portalB, tokenB)
	for i := range 50 {
		first.save(tenantA, member(i))
		second.save(tenantB, member(1000+i))
	}
	first.eventually("everybody", func() bool {
		return first.status(tenantA).Members.InSync == 50 && second.status(tenantB).Members.InSync == 50
	})
	for _, p := range []int64{portalA, portalB} {
		if n := len(first.sim.Portal(p).Contacts()); n != 50 {
			t.Errorf("portal %d has %d contacts", p, n)
		}
	}
}
