package crmsync

import (
	"cmp"
	"context"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
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
	// inner kinds follow from settlements; no change of the host's has them.
	inner bool
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
		kindActivity: {
			off: func(o options) string {
				return cmp.Or(unless(o.contacts, "sync contacts is off"), unless(o.activities || o.customEvents, "activities are off"))
			},
			carry: (*Syncer).carryActivities, fact: true, // a fact cannot be listed: no backfill tells it again
		},
		kindTicket: {
			off: func(o options) string {
				return cmp.Or(unless(o.contacts, "sync contacts is off"), unless(o.tickets, "ticket notes are off"))
			},
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.notes.carryTickets(ctx, b, at)
			}, lists: integration.KindTicket,
		},
		kindEvent: {
			off: func(o options) string { return unless(o.eventsOn(), "marketing events are off") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.marketing.carryEvents(ctx, b, at)
			}, lists: integration.KindEvent,
		},
		kindAttendance: {
			off: func(o options) string { return unless(o.eventsOn(), "marketing events are off") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.marketing.carryAttendance(ctx, b, at)
			}, inner: true,
		},
		kindCustomEvent: {
			off: func(o options) string { return unless(o.customEventsOn(), "custom events are off") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.customEvents.carryCustomEvents(ctx, b, at)
			}, fact: true, inner: true,
		},
		kindAssociation: {
			off: func(o options) string { return unless(o.associated(), "contacts and companies are not both synced") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.ties.carryAssociations(ctx, b, at)
			}, inner: true,
		},
		kindSegment: {
			off: func(o options) string { return unless(o.listsOn(), "lists are off") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.lists.carrySegments(ctx, b, at)
			}, lists: integration.KindMember,
		},
		kindList: {
			off: func(o options) string { return unless(o.listsOn(), "lists are off") },
			carry: func(s *Syncer, ctx context.Context, b outbox.Batch, at *Portal) (result, error) {
				return s.lists.carryLists(ctx, b, at)
			},
		},
	}
}

func unless(on bool, why string) string {
	if on {
		return ""
	}
	return why
}

// EntityTypes are the types of the sync records that a [Syncer] writes.
func EntityTypes() []string { return allEntityTypes() }

// Kinds are the outbox kinds that a Syncer handles.
func Kinds() map[string]outbox.Kind {
	out := map[string]outbox.Kind{}
	for kind, c := range carriers() {
		out[kind] = outbox.Kind{Fact: c.fact}
	}
	return out
}
