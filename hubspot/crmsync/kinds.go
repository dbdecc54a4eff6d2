package crmsync

import (
	"context"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// The outbox kinds. Those of the contract carry its names; the others follow
// from a settlement, in its transaction, when a contact exists.
const (
	kindMember       = string(integration.KindMember)
	kindOrganization = string(integration.KindOrganization)

	kindSegment = "segment" // a member's contact and the static lists of its tags
	kindList    = "list"    // the tenant's lists themselves
)

// carrier takes batches of one kind to HubSpot.
type carrier struct {
	// off says why batches of the kind are thrown away with these options, "" if
	// they are not.
	off func(options) string
	// carry takes a batch through its calls. The error means that nothing may be
	// settled.
	carry func(s *Syncer, ctx context.Context, b outbox.Batch, portal *Portal) (result, error)
	// lists is the kind of the contract whose keys a backfill walks over, "" for
	// kinds that are never backfilled.
	lists integration.Kind
	fact  bool
}

// carriers is the table of everything that is carried.
func carriers() map[string]carrier {
	return map[string]carrier{
		kindMember: {
			off:   func(o options) string { return unless(o.contacts, "sync contacts is off") },
			carry: (*Syncer).carryRecords, lists: integration.KindMember,
		},
		kindOrganization: {
			off:   func(o options) string { return unless(o.companies, "sync companies is off") },
			carry: (*Syncer).carryRecords, lists: integration.KindOrganization,
		},
		kindSegment: {
			off:   func(o options) string { return unless(o.listsOn(), "lists are off") },
			carry: (*Syncer).carrySegments, lists: integration.KindMember,
		},
		kindList: {
			off:   func(o options) string { return unless(o.listsOn(), "lists are off") },
			carry: (*Syncer).carryLists,
		},
	}
}

func unless(on bool, why string) string {
	if on {
		return ""
	}
	return why
}

// Kinds are the outbox kinds that a Syncer handles.
func Kinds() map[string]outbox.Kind {
	out := map[string]outbox.Kind{}
	for kind, c := range carriers() {
		out[kind] = outbox.Kind{Fact: c.fact}
	}
	return out
}
