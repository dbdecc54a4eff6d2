package crmsync_test

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
	"github.com/memberpulse/hubspotplugin/integration"
)

const (
	activeName = "MemberPulse: Membership active"
	staticName = "MemberPulse: Membership active (static)"
)

// withTagLists are the settings that have tags and these lists.
func withTagLists(lists map[string]string) map[string]string {
	set := map[string]string{"syncTags": "true", "syncLists": "true"}
	for k, v := range lists {
		set[k] = v
	}
	return set
}

// list returns portal A's list of a name.
func (b *bundle) list(name string) (hubspottest.List, bool) {
	b.t.Helper()
	var found []hubspottest.List
	for _, l := range b.sim.Portal(portalA).Lists() {
		if l.Name == name {
			found = append(found, l)
		}
	}
	if len(found) > 1 {
		b.t.Errorf("%d lists of the name %s", len(found), name)
	}
	if len(found) == 0 {
		return hubspottest.List{}, false
	}
	return found[0], true
}

// inList returns the numbers of the members whose contacts are in a list of a
// name, sorted; contacts of nobody are -1.
func (b *bundle) inList(name string) []int {
	b.t.Helper()
	l, ok := b.list(name)
	if !ok {
		b.t.Fatalf("no list %s", name)
	}
	var out []int
	for _, id := range l.Members {
		c, _ := b.sim.Portal(portalA).Contact(id)
		n := -1
		if member := c.Properties["memberpulse_member_id"]; member != "" {
			n, _ = strconv.Atoi(strings.TrimLeft(member[len(member)-12:], "0"))
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// troubles are the codes of the incidents about lists.
func (b *bundle) troubles() []string {
	b.t.Helper()
	var out []string
	for _, i := range b.status(tenantA).Incidents {
		if strings.HasPrefix(i.Code, "list-") {
			if i.Title == "" || i.Fix == "" || i.Blocking {
				b.t.Errorf("incident: %+v", i)
			}
			out = append(out, i.Code)
		}
	}
	return out
}

// listsFeature is what the page says of the part Lists.
func (b *bundle) listsFeature() integration.Feature {
	b.t.Helper()
	for _, f := range b.status(tenantA).Features {
		if f.Key == "syncLists" {
			return f
		}
	}
	b.t.Fatal("the status does not tell of lists")
	return integration.Feature{}
}

func (b *bundle) recheck() {
	b.t.Helper()
	must(b.t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Recheck(ctx, tx, tenantA) }))
	b.settled(tenantA)
}

// expired is a member whose membership has just expired.
func expired(n int) integration.Member {
	m := tagged(n)
	m.Memberships[0].Status, m.Memberships[0].StatusSince = integration.MembershipExpired, time.Now()
	return m
}

// confirmed connects with members 1 to n, tags confirmed and these lists.
func confirmed(t *testing.T, n int, lists map[string]string, opts ...option) *bundle {
	t.Helper()
	b := start(t, opts...)
	for i := 1; i <= n; i++ {
		b.save(tenantA, tagged(i))
	}
	b.connectWith(withTagLists(lists))
	b.settled(tenantA)
	b.confirmTags(false)
	b.settled(tenantA)
	return b
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

func TestListsAreMadeOnce(t *testing.T) {
	t.Parallel()
	for _, version := range []hubspot.Version{hubspot.Version202603, hubspot.Version202609} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(version), withSim(hubspottest.Options{ListLag: -1}))
			b.save(tenantA, tagged(1), tagged(2))
			b.connectWith(map[string]string{"syncTags": "true"})
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			// Two replicas save the same settings at once.
			other := start(t, beside(b), withVersion(version))
			set := withTagLists(map[string]string{"listMembershipActive": "active", "listMembershipExpired": "static"})
			set["portalId"], set["apiKey"], set["syncContacts"] = strconv.FormatInt(portalA, 10), tokenA, "true"
			var wait sync.WaitGroup
			for _, one := range []*bundle{b, other} {
				wait.Go(func() { _ = one.tryConnectWith(tenantA, set) }) // the slower one may be told that they are stale
			}
			wait.Wait()
			b.settled(tenantA)
			if n := len(b.sim.Portal(portalA).Lists()); n != 2 {
				t.Fatalf("%d lists", n)
			}
			l, _ := b.list(activeName)
			s, _ := b.list("MemberPulse: Membership expired (static)")
			if l.Type != "DYNAMIC" || s.Type != "MANUAL" || l.Folder == "0" || l.Folder != s.Folder {
				t.Errorf("lists: %+v %+v", l, s)
			}
			if got := b.inList(activeName); !slices.Equal(got, []int{1, 2}) {
				t.Errorf("in the active list: %v", got)
			}
			client, err := hubspot.NewClient(hubspot.Config{BaseURL: b.sim.URL, Token: func() string { return tokenA }})
			must(t, err)
			root, err := client.ListFolder(context.Background(), "")
			must(t, err)
			if len(root.Folders) != 1 || root.Folders[0].Name != "MemberPulse" || root.Folders[0].ID != l.Folder {
				t.Errorf("folders: %+v", root.Folders)
			}
			for _, tag := range b.board().Tags {
				if want := map[string]string{"membership-active": "active", "membership-expired": "static"}[tag.Tag]; tag.List != want {
					t.Errorf("the board says %q of %s", tag.List, tag.Tag)
				}
			}
			// The ids outlast a disconnection, a new name in HubSpot and a save.
			must(t, b.inTx(func(ctx context.Context, tx *sql.Tx) error { return b.syncer.Disconnect(ctx, tx, tenantA) }))
			must(t, b.tryConnectWith(tenantA, set))
			b.settled(tenantA)
			if again, _ := b.list(activeName); again.ID != l.ID || len(b.sim.Portal(portalA).Lists()) != 2 {
				t.Errorf("after a new connection: %+v", again)
			}
			if got := b.troubles(); got != nil {
				t.Errorf("troubles: %v", got)
			}
		})
	}
}

// A creation whose reply is lost leaves one list, and the admin nothing to do.
func TestAListWhoseCreationIsUnknownIsFoundAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.save(tenantA, tagged(1))
	b.sim.Inject(hubspottest.Fault{Method: "POST", PathContains: "/crm/lists/", Times: 3, LoseReply: true}) // folder, list, list
	b.connectWith(withTagLists(map[string]string{"listMembershipActive": "active", "listMembershipExpired": "active"}))
	b.settled(tenantA)
	if n := len(b.sim.Portal(portalA).Lists()); n != 2 {
		t.Errorf("%d lists", n)
	}
	if got := b.troubles(); got != nil {
		t.Errorf("troubles: %v", got)
	}
}

func TestAListOfTheSameName(t *testing.T) {
	t.Parallel()
	filter := func(property, value string) string {
		return `{"filterBranchType":"OR","filterBranchOperator":"OR","filters":[],"filterBranches":[{"filterBranchType":"AND","filterBranchOperator":"AND","filterBranches":[],"filters":[
			{"filterType":"PROPERTY","property":"` + property + `","operation":{"operationType":"ENUMERATION","operator":"IS_ANY_OF","values":["` + value + `"],"includeObjectsWithNoValueSet":false}}]}]}`
	}
	for name, c := range map[string]struct {
		mode, list string
		theirs     hubspottest.List
		used       bool
	}{
		"same filter":         {"active", activeName, hubspottest.List{Type: "DYNAMIC", Filter: filter("memberpulse_tags", "membership-active")}, true},
		"other value":         {"active", activeName, hubspottest.List{Type: "DYNAMIC", Filter: filter("memberpulse_tags", "membership-expired")}, false},
		"other property":      {"active", activeName, hubspottest.List{Type: "DYNAMIC", Filter: filter("memberpulse_member_status", "active")}, false},
		"by hand":             {"active", activeName, hubspottest.List{Type: "MANUAL"}, false},
		"static by hand":      {"static", staticName, hubspottest.List{Type: "MANUAL"}, true},
		"static by filter":    {"static", staticName, hubspottest.List{Type: "DYNAMIC", Filter: filter("memberpulse_tags", "membership-active")}, false},
		"static of companies": {"static", staticName, hubspottest.List{Type: "MANUAL", ObjectType: "companies"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withSim(hubspottest.Options{ListLag: -1}))
			b.save(tenantA, tagged(1))
			b.connectWith(map[string]string{"syncTags": "true"})
			b.settled(tenantA)
			b.confirmTags(false)
			b.settled(tenantA)
			c.theirs.Name = strings.ToUpper(c.list)
			theirs := b.sim.Portal(portalA).PutList(c.theirs)
			b.connectWith(withTagLists(map[string]string{"listMembershipActive": c.mode}))
			b.settled(tenantA)
			if c.used {
				if n := len(b.sim.Portal(portalA).Lists()); n != 1 || b.troubles() != nil {
					t.Errorf("%d lists, troubles %v", n, b.troubles())
				}
				if got := b.inList(theirs.Name); !slices.Equal(got, []int{1}) {
					t.Errorf("members %v", got)
				}
				return
			}
			if got := b.troubles(); !slices.Equal(got, []string{"list-name-taken"}) {
				t.Fatalf("troubles %v", got)
			}
			if st := b.status(tenantA); st.Health != integration.HealthDegraded || !strings.Contains(st.Sentence, "list") {
				t.Errorf("status: %s %s", st.Health, st.Sentence)
			}
			// Contacts go on; the other list is as it was.
			b.save(tenantA, expired(1), tagged(2))
			b.settled(tenantA)
			if b.tagsOf(memberID(1)) != "membership-expired" || b.tagsOf(memberID(2)) != "membership-active" {
				t.Error("tags were not written")
			}
			if l, ok := b.list(theirs.Name); !ok || l.Type != theirs.Type || len(b.sim.Portal(portalA).Lists()) != 1 {
				t.Errorf("their list: %+v", l)
			}
			set, err := b.settings.Load(context.Background(), tenantA, "hubspot")
			must(t, err)
			report, err := b.syncer.Check(context.Background(), tenantA, set.Settings)
			must(t, err)
			if i := slices.IndexFunc(report.Items, func(i integration.CheckItem) bool { return i.Name == "List "+c.list }); report.OK || i < 0 || report.Items[i].State != "failed" || report.Items[i].Fix == "" {
				t.Errorf("report: %+v", report)
			}
			// The admin makes room, and asks again.
			b.sim.Portal(portalA).DeleteList(theirs.ID)
			b.recheck()
			if _, ok := b.list(c.list); !ok || b.troubles() != nil {
				t.Errorf("after the other list was gone: %+v, troubles %v", b.sim.Portal(portalA).Lists(), b.troubles())
			}
			if got := b.inList(c.list); !slices.Equal(got, []int{2}) {
				t.Errorf("members %v", got)
			}
		})
	}
}

func TestADeletedListIsRestored(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"listMembershipActive": "active", "listMembershipExpired": "static"}
	b := confirmed(t, 3, lists, withSim(hubspottest.Options{ListLag: -1}))
	active, _ := b.list(activeName)
	b.sim.Portal(portalA).DeleteList(active.ID)
	b.connectWith(withTagLists(lists)) // any save looks at the lists
	b.settled(tenantA)
	if l, ok := b.list(activeName); !ok || l.ID != active.ID {
		t.Errorf("active list: %+v", l)
	}
	// Nobody needs to ask for a static one: the next change of a tag finds out.
	const name = "MemberPulse: Membership expired (static)"
	static, _ := b.list(name)
	b.save(tenantA, expired(1))
	b.settled(tenantA)
	b.sim.Portal(portalA).DeleteList(static.ID)
	b.save(tenantA, expired(2))
	b.settled(tenantA)
	if l, ok := b.list(name); !ok || l.ID != static.ID {
		t.Errorf("static list: %+v", l)
	}
	if got := b.inList(name); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("members %v", got)
	}
	if b.troubles() != nil {
		t.Errorf("troubles %v", b.troubles())
	}
}
