package crmsync

import (
	"cmp"
	"context"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/carry"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/kinds"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/outbox"
)

// carrier takes batches of one kind to HubSpot.
type carrier struct {
	// off says why batches of the kind are thrown away with these options, "" if
	// they are not.
	off func(settings.Options) string
	// by is who takes a batch through its calls.
	by func(*Syncer) deliverer
	// lists is the kind of the contract whose keys a backfill walks over, "" for
	// kinds that are never backfilled.
	lists integration.Kind
	fact  bool
	// inner kinds follow from settlements; no change of the host's has them.
	inner bool
}

// deliverer takes a batch through its calls to a portal. The error means that
// nothing may be settled.
type deliverer func(ctx context.Context, b outbox.Batch, portal *carry.Portal) (carry.Result, error)

// carriers is the table of everything that is carried.
func carriers() map[string]carrier {
	return map[string]carrier{
		kinds.Member: {
			off: func(o settings.Options) string { return unless(o.Contacts, "sync contacts is off") },
			by:  func(s *Syncer) deliverer { return s.carryRecords }, lists: integration.KindMember,
		},
		kinds.Organization: {
			off: func(o settings.Options) string { return unless(o.Companies, "sync companies is off") },
			by:  func(s *Syncer) deliverer { return s.carryRecords }, lists: integration.KindOrganization,
		},
		kinds.Activity: {
			off: func(o settings.Options) string {
				return cmp.Or(unless(o.Contacts, "sync contacts is off"), unless(o.Activities || o.CustomEvents, "activities are off"))
			},
			by: func(s *Syncer) deliverer { return s.carryActivities }, fact: true, // a fact cannot be listed: no backfill tells it again
		},
		kinds.Ticket: {
			off: func(o settings.Options) string {
				return cmp.Or(unless(o.Contacts, "sync contacts is off"), unless(o.Tickets, "ticket notes are off"))
			},
			by: func(s *Syncer) deliverer { return s.notes.Tickets }, lists: integration.KindTicket,
		},
		kinds.Event: {
			off: func(o settings.Options) string { return unless(o.EventsOn(), "marketing events are off") },
			by:  func(s *Syncer) deliverer { return s.marketing.CarryEvents }, lists: integration.KindEvent,
		},
		kinds.Attendance: {
			off: func(o settings.Options) string { return unless(o.EventsOn(), "marketing events are off") },
			by:  func(s *Syncer) deliverer { return s.marketing.CarryAttendance }, inner: true,
		},
		kinds.CustomEvent: {
			off: func(o settings.Options) string { return unless(o.CustomEventsOn(), "custom events are off") },
			by:  func(s *Syncer) deliverer { return s.customEvents.Carry }, fact: true, inner: true,
		},
		kinds.Association: {
			off: func(o settings.Options) string {
				return unless(o.Associated(), "contacts and companies are not both synced")
			},
			by: func(s *Syncer) deliverer { return s.ties.Carry }, inner: true,
		},
		kinds.Segment: {
			off: func(o settings.Options) string { return unless(o.ListsOn(), "lists are off") },
			by:  func(s *Syncer) deliverer { return s.lists.CarrySegments }, lists: integration.KindMember,
		},
		kinds.List: {
			off: func(o settings.Options) string { return unless(o.ListsOn(), "lists are off") },
			by:  func(s *Syncer) deliverer { return s.lists.CarryLists },
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
func EntityTypes() []string { return kinds.AllEntityTypes() }

// Kinds are the outbox kinds that a Syncer handles.
func Kinds() map[string]outbox.Kind {
	out := map[string]outbox.Kind{}
	for kind, c := range carriers() {
		out[kind] = outbox.Kind{Fact: c.fact}
	}
	return out
}
