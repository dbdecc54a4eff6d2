package crmsync_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// idsInPaths are what differs between two calls of one kind.
var idsInPaths = regexp.MustCompile(`/(?:[0-9a-f-]{36}|[0-9]+)(/|$)`)

// costOf returns the writes and reads of records that HubSpot gets for what do
// does, until all is quiet. What is asked once an hour or less, the schema and
// the account, is a GET and is left out.
func (b *bundle) costOf(do func()) []string {
	b.t.Helper()
	b.settled(tenantA)
	b.sim.ResetRequests()
	do()
	b.settled(tenantA)
	b.settled(tenantA)
	counts := map[string]int{}
	for _, r := range b.sim.Requests() {
		if r.Method == http.MethodGet {
			continue
		}
		path := strings.TrimPrefix(strings.TrimPrefix(r.Path, "/crm/objects/"+string(hubspot.Version202603)), "/marketing/"+string(hubspot.Version202603))
		counts[r.Method+" "+idsInPaths.ReplaceAllString(path, "/*$1")]++
	}
	var out []string
	for _, call := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprint(counts[call], " ", call))
	}
	return out
}

// What each kind of change costs, for a hundred in one transaction of the host.
// Who changes this changes how fast a tenant's first sync is.
func TestWhatAChangeCosts(t *testing.T) {
	t.Parallel()
	const n = 100
	everybody := func(change func(m *integration.Member)) func(*bundle) {
		return func(b *bundle) {
			all := make([]integration.Member, n)
			for i := range all {
				all[i] = tagged(i)
				if change != nil {
					change(&all[i])
				}
			}
			b.save(tenantA, all...)
		}
	}
	one := event(1)
	with := func(set map[string]string, before ...func(*bundle)) func(*bundle) {
		return func(b *bundle) {
			b.connectWith(set)
			for _, do := range before {
				do(b)
			}
		}
	}
	warm := func(b *bundle) { b.save(tenantA, tagged(n)); b.settled(tenantA) }
	for name, c := range map[string]struct {
		first func(*bundle)
		do    func(*bundle)
		want  []string
	}{
		"new members": {
			with(nil, warm), everybody(nil),
			[]string{"2 POST /contacts/batch/read", "1 POST /contacts/batch/upsert"}, // by id, by address
		},
		"members that HubSpot knows": {
			func(b *bundle) {
				for i := range n {
					b.sim.Portal(portalA).PutContact(map[string]string{"email": member(i).Email})
				}
				with(nil, warm)(b)
			}, everybody(nil),
			[]string{"2 POST /contacts/batch/read", "1 POST /contacts/batch/update"},
		},
		"members changed": {
			with(nil, everybody(nil)), everybody(func(m *integration.Member) { m.City = "Perth" }),
			[]string{"1 POST /contacts/batch/update"},
		},
		"members told again": {with(nil, everybody(nil)), everybody(nil), nil},
		"members gone": {
			with(nil, everybody(nil)), func(b *bundle) {
				var changes []integration.Change
				for i := range 15 { // more would be taken for a fault
					b.host.Delete(tenantA, memberID(i))
					changes = append(changes, integration.MemberChanged(tenantA, memberID(i)))
				}
				b.record(changes...)
			},
			[]string{"1 POST /contacts/batch/update"},
		},
		"tags": {
			func(b *bundle) {
				with(map[string]string{"syncTags": "true"}, everybody(nil))(b)
				b.settled(tenantA)
				b.confirmTags(true)
			}, everybody(expiring),
			[]string{"1 POST /contacts/batch/update"},
		},
		"tags with a static list": {
			func(b *bundle) {
				with(withTagLists(map[string]string{"listMembershipExpiring": "static"}), everybody(nil))(b)
				b.settled(tenantA)
				b.confirmTags(true)
			}, everybody(expiring),
			[]string{"1 POST /contacts/batch/update", "1 PUT /crm/lists/2026-03/*/memberships/add-and-remove"},
		},
		"new organizations": {
			with(companies, func(b *bundle) { b.eventually("matching closes", func() bool { return !b.matching().Open }) }), func(b *bundle) {
				var all []integration.Organization
				for i := range n {
					all = append(all, organization(i))
				}
				b.saveOrganizations(all...)
			},
			[]string{"1 POST /companies/batch/read", "1 POST /companies/batch/upsert"},
		},
		"members move to another organization": {
			func(b *bundle) {
				b.host.PutEntity(tenantA, organization(0))
				b.host.PutEntity(tenantA, organization(1))
				with(companies, everybody(func(m *integration.Member) { m.OrganizationID = organizationID(0) }))(b)
			}, everybody(func(m *integration.Member) { m.OrganizationID = organizationID(1) }),
			[]string{
				"2 POST /companies/batch/read", "2 POST /contacts/batch/read", // whether they were merged, before and after the removal
				"1 POST /crm/associations/2026-03/contacts/companies/batch/archive",
				"1 POST /crm/associations/2026-03/contacts/companies/batch/associate/default",
				"2 POST /crm/associations/2026-03/contacts/companies/batch/read", // before, and after a removal
			},
		},
		"activities": {
			with(noting(), everybody(nil), func(b *bundle) { b.happen(activity(n, memberID(0))); b.settled(tenantA) }), func(b *bundle) {
				var all []integration.Activity
				for i := range n {
					all = append(all, activity(i, memberID(i)))
				}
				b.happen(all...)
			},
			[]string{"1 POST /crm/associations/2026-03/notes/contacts/batch/associate/default", "1 POST /notes/batch/upsert"},
		},
		"tickets": {
			with(noting(), everybody(nil), func(b *bundle) { b.saveTickets(ticket(n, memberID(0))); b.settled(tenantA) }), func(b *bundle) {
				b.saveTickets(hundred(nil)...)
			},
			[]string{"1 POST /crm/associations/2026-03/notes/contacts/batch/associate/default", "1 POST /notes/batch/upsert"},
		},
		"tickets answered": {
			with(noting(), everybody(nil), func(b *bundle) { b.saveTickets(hundred(nil)...); b.settled(tenantA) }), func(b *bundle) {
				b.saveTickets(hundred(func(k *integration.Ticket) { k.Status = "resolved" })...)
			},
			[]string{"1 POST /notes/batch/update"},
		},
		"attendance": {
			func(b *bundle) {
				b.host.PutEntity(tenantA, one)
				with(eventing(), everybody(nil))(b)
				b.settled(tenantA)
				b.saveEvents(one)
			}, everybody(func(m *integration.Member) { m.Registrations = []integration.Registration{registration(one)} }),
			[]string{"1 POST /marketing/marketing-events/2026-03/attendance/*/register/create"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, withVersion(hubspot.Version202603))
			c.first(b)
			if got := b.costOf(func() { c.do(b) }); !slices.Equal(got, c.want) {
				t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// expiring makes a membership expire soon.
func expiring(m *integration.Member) {
	m.Memberships[0].Status, m.Memberships[0].StatusSince = integration.MembershipExpiring, time.Now()
}

// hundred are the tickets of a hundred members.
func hundred(change func(*integration.Ticket)) []integration.Ticket {
	all := make([]integration.Ticket, 100)
	for i := range all {
		all[i] = ticket(i, memberID(i))
		if change != nil {
			change(&all[i])
		}
	}
	return all
}
