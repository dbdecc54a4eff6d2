package crmsync_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

// everyone saves n members, one of them with an address that HubSpot refuses.
func everyone(b *bundle, n, bad int) {
	var all []integration.Member
	for i := range n {
		m := member(i)
		if i == bad {
			m.Email = "bad@address@example"
		}
		all = append(all, m)
	}
	b.save(tenantA, all...)
}

func TestOneBadRecordStopsNobody(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]hubspottest.Options{
		"named by trace id":    {},
		"not named":            {ErrorsOmitTraceID: true},
		"207 also on 2026-09":  {MultiStatus2609: true},
		"results echo traces":  {ResultsEchoTraceID: true},
		"results in any order": {Seed: 7},
	} {
		for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
			t.Run(name+" on "+string(version), func(t *testing.T) {
				t.Parallel()
				b := start(t, withSim(o), withVersion(version))
				b.connect(tenantA, portalA, tokenA)
				b.settled(tenantA)
				const n, bad = 60, 17
				everyone(b, n, bad)
				b.eventually("everybody else", func() bool { return len(b.sim.Portal(portalA).Contacts()) == n-1 })
				st := b.settled(tenantA)
				if st.Members.InSync != n-1 || st.Members.NeedsAttention != 1 {
					t.Fatalf("members = %+v", st.Members)
				}
				r := b.logOf(tenantA, memberID(bad))
				if r.Code != "INVALID_EMAIL" || r.CorrelationID == "" || r.Fix == "" {
					t.Errorf("record = %+v", r)
				}
				if strings.Contains(r.Error, "bad@") || strings.Contains(b.log.String(), "bad@") {
					t.Error("the address is repeated in the record or the log")
				}
				// The admin corrects the address; nothing else is needed.
				b.save(tenantA, member(bad))
				b.eventually("the corrected member", func() bool { _, ok := b.contact(portalA, memberID(bad)); return ok })
				if st := b.settled(tenantA); len(st.Incidents) != 0 {
					t.Errorf("incidents = %+v", st.Incidents)
				}
			})
		}
	}
}

func TestLostAndHalfRepliesDoubleNobody(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]hubspottest.Fault{
		"upsert committed, reply lost":   {PathContains: "/batch/upsert", LoseReply: true, Times: 2},
		"upsert committed, 504 answered": {PathContains: "/batch/upsert", Commit: true, Status: 504, Times: 2},
		"upsert dropped":                 {PathContains: "/batch/upsert", DropBefore: true, Times: 2},
		"upsert answered empty":          {PathContains: "/batch/upsert", EmptyOK: true, Times: 1},
		"upsert forgets half":            {PathContains: "/batch/upsert", Short: true, Times: 1},
		"upsert reply cut":               {PathContains: "/batch/upsert", Truncate: true, Times: 2},
		"html instead of JSON":           {PathContains: "/batch/upsert", Status: 502, Body: "<html>bad gateway</html>", ContentType: "text/html", Times: 4},
		"read lost":                      {PathContains: "/batch/read", LoseReply: true, Times: 3},
		"locked":                         {PathContains: "/batch/upsert", Status: 423, Times: 1},
		"asked to slow down":             {PathContains: "/batch/upsert", Status: 429, Times: 1, Body: `{"status":"error","errorType":"RATE_LIMIT","policyName":"SECONDLY","message":"slow"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.connect(tenantA, portalA, tokenA)
			b.settled(tenantA)
			b.sim.Inject(fault)
			const n = 25
			everyone(b, n, -1)
			b.eventually("everybody in sync", func() bool { return b.status(tenantA).Members.InSync == n })
			if got := len(b.sim.Portal(portalA).Contacts()); got != n {
				t.Errorf("%d contacts, want %d", got, n)
			}
			for i := range n {
				b.contact(portalA, memberID(i)) // reports doubles
			}
		})
	}
}

// A-B-A: a value changes and changes back while HubSpot commits the change and
// loses the reply. A fingerprint of the last settled write would say "nothing
// to do" and leave the wrong value in HubSpot.
func TestLostReplyForgetsTheFingerprint(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	m := member(1)
	b.save(tenantA, m)
	b.settled(tenantA)
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/update", Commit: true, Status: 504, Times: 3})
	m.FirstName = "B"
	b.save(tenantA, m)
	b.eventually("the write whose reply is lost", func() bool {
		c, _ := b.contact(portalA, m.ID)
		return c.Properties["firstname"] == "B"
	})
	m.FirstName = "First1"
	b.save(tenantA, m)
	b.eventually("the first name again", func() bool {
		c, _ := b.contact(portalA, m.ID)
		return c.Properties["firstname"] == "First1"
	})
	b.settled(tenantA)
}

// HubSpot makes a contact and loses the reply, the next call finds it and is
// lost on its way: what is in the contact is still what we wrote, and follows
// the member.
func TestValuesOfACallWhoseReplyWasLostStayOurs(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	m := member(1)
	stopped := func() bool { return b.status(tenantA).ResumesAt != nil }
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/upsert", LoseReply: true, Times: 1000})
	b.save(tenantA, m)
	b.eventually("a contact, and no reply", func() bool { _, made := b.contact(portalA, m.ID); return made && stopped() })
	b.sim.ClearFaults()
	b.sim.Inject(hubspottest.Fault{PathContains: "/batch/update", DropBefore: true, Times: 1000})
	m.FirstName = "B"
	b.save(tenantA, m)
	b.goOn()
	b.eventually("a link, and no reply", func() bool {
		var n int
		must(t, b.db.NewRaw(`select count(*) from hubspot_identity_link where key = ?`, m.ID).Scan(context.Background(), &n))
		return n == 1 && stopped()
	})
	b.sim.ClearFaults()
	m.FirstName = "C"
	b.save(tenantA, m)
	b.goOn()
	b.settled(tenantA)
	if c, _ := b.contact(portalA, m.ID); c.Properties["firstname"] != "C" {
		t.Errorf("first name is %q", c.Properties["firstname"])
	}
}

func TestRefusedKeyStopsTheTenantAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.save(tenantA, member(1))
	b.settled(tenantA)
	b.sim.Portal(portalA).RevokeToken(tokenA)
	b.save(tenantA, member(2))
	b.eventually("the incident", func() bool { return b.status(tenantA).Health == integration.HealthFailing })
	st := b.status(tenantA)
	if len(st.Incidents) != 1 || st.Incidents[0].Code != "key-refused" || !st.Incidents[0].Blocking ||
		st.Incidents[0].Action != "credentials" || st.Incidents[0].CorrelationID == "" {
		t.Fatalf("incidents = %+v", st.Incidents)
	}
	if !strings.HasPrefix(st.Sentence, "Stopped: ") || st.Pending != 1 {
		t.Errorf("sentence %q, %d pending", st.Sentence, st.Pending)
	}
	const fresh = "pat-na1-cccccccc-0000-0000-0000-000000000003"
	b.sim.Portal(portalA).AddToken(fresh)
	must(t, b.tryConnect(tenantA, fmt.Sprint(portalA), fresh, true))
	b.eventually("the waiting change", func() bool { _, ok := b.contact(portalA, memberID(2)); return ok })
	if st := b.settled(tenantA); st.Health != integration.HealthOK || len(st.Incidents) != 0 {
		t.Errorf("status = %+v", st)
	}
	if strings.Contains(b.log.String(), "pat-na1") || strings.Contains(b.log.String(), "@example.org") {
		t.Error("a key or an address is in the log")
	}
}

func first[T any](v T, _ bool) T { return v }

func TestMassDeletionWaitsForAnAdmin(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	const n = 40
	everyone(b, n, -1)
	b.settled(tenantA)
	var changes []integration.Change
	for i := range n {
		b.host.Delete(tenantA, memberID(i))
		changes = append(changes, integration.MemberChanged(tenantA, memberID(i)))
	}
	b.record(changes...)
	b.eventually("the incident", func() bool { return b.status(tenantA).Health == integration.HealthFailing })
	for _, c := range b.sim.Portal(portalA).Contacts() {
		if c.Properties["memberpulse_member_status"] != "active" {
			t.Fatalf("contact %s was written: %v", c.ID, c.Properties["memberpulse_member_status"])
		}
	}
	must(t, b.inTx(func(ctx context.Context, tx txType) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
	b.eventually("the confirmed deletion", func() bool {
		for _, c := range b.sim.Portal(portalA).Contacts() {
			if c.Properties["memberpulse_member_status"] != "deleted" {
				return false
			}
		}
		return true
	})
}

func TestUnreadableHostIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	failed := make(chan struct{}, 1000)
	b.host.OnLoad(func(string, []integration.Ref) error {
		failed <- struct{}{}
		return errors.New("host is down")
	})
	b.save(tenantA, member(1))
	<-failed
	b.host.OnLoad(nil)
	b.eventually("the contact", func() bool { _, ok := b.contact(portalA, memberID(1)); return ok })
}

func TestPanicSetsItsMemberAsideAlone(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.connect(tenantA, portalA, tokenA)
	b.settled(tenantA)
	b.host.OnLoad(func(_ string, refs []integration.Ref) error {
		for _, r := range refs {
			if r.Key == memberID(3) {
				panic("member3@example.org has lost its mind")
			}
		}
		return nil
	})
	everyone(b, 10, -1)
	b.eventually("everybody else", func() bool { return b.status(tenantA).Members.InSync == 9 })
	if r := b.logOf(tenantA, memberID(3)); r.Code != "bug" {
		t.Errorf("record = %+v", r)
	}
	if strings.Contains(b.log.String(), "lost its mind") {
		t.Error("what was panicked with is in the log")
	}
	b.host.OnLoad(nil)
	n, err := b.syncer.RetryAll(context.Background(), tenantA, "bug")
	must(t, err)
	if n != 1 {
		t.Errorf("retried %d", n)
	}
	b.eventually("the member", func() bool { _, ok := b.contact(portalA, memberID(3)); return ok })
}
