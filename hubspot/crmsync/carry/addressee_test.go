package carry_test

import (
	"errors"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/integration"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	type answer struct {
		contact, why       string
		waits, due, silent bool
	}
	member := func(status integration.MemberStatus) integration.Loaded {
		return integration.Loaded{Entity: integration.Member{ID: "m", Email: "m@example.org", Status: status}}
	}
	for name, c := range map[string]struct {
		linked string
		lost   bool
		kept   bool // in the recycle bin, by us
		host   integration.Loaded
		known  integration.SyncStatus
		want   answer
	}{
		"linked":                       {linked: "11", want: answer{contact: "11"}},
		"linked, left out since":       {linked: "11", host: member(integration.MemberPending), want: answer{contact: "11"}},
		"deleted in HubSpot":           {linked: "11", lost: true, want: answer{why: "deleted-in-hubspot"}},
		"archived, and back":           {linked: "11", lost: true, kept: true, host: member(integration.MemberActive), want: answer{waits: true, due: true}},
		"archived, and gone":           {linked: "11", lost: true, kept: true, host: integration.Loaded{Gone: true}, want: answer{why: "not-a-member"}},
		"nobody's":                     {host: integration.Loaded{Gone: true}, want: answer{why: "not-a-member"}},
		"silence":                      {want: answer{silent: true}},
		"an error":                     {host: integration.Loaded{Err: errors.New("down")}, want: answer{silent: true}},
		"somebody else":                {host: integration.Loaded{Entity: integration.Member{ID: "n"}}, want: answer{silent: true}},
		"left out":                     {host: member(integration.MemberPending), known: integration.SyncExcluded, want: answer{why: "member-pending"}},
		"left out until just now":      {host: member(integration.MemberActive), known: integration.SyncExcluded, want: answer{waits: true, due: true}},
		"new":                          {host: member(integration.MemberActive), want: answer{waits: true, due: true}},
		"on its way":                   {host: member(integration.MemberActive), known: integration.SyncPending, want: answer{waits: true}},
		"waits for a person to decide": {host: member(integration.MemberActive), known: integration.SyncFailed, want: answer{waits: true}},
	} {
		var got answer
		got.contact, got.why, got.waits, got.due, got.silent = carry.Address(c.linked, c.lost, c.kept, c.host, c.known)
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
