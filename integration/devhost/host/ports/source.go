// Package ports is what the reference host gives its integrations: its data, its
// addresses, its calendar, its plans, and the place for a CRM's ids. It joins the
// modules, which know nothing of integrations but that they record for them.
package ports

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/courses"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/events"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/members"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/organizations"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/store"
	"github.com/memberpulse/hubspotplugin/integration/devhost/host/tickets"
)

// Source answers an integration's questions from the modules' tables.
type Source struct{ db *bun.DB }

var _ integration.Source = (*Source)(nil)

// NewSource returns the source over db, which must be the primary.
func NewSource(db *bun.DB) *Source { return &Source{db: db} }

// Load implements [integration.Source] with a fixed number of queries for each
// kind, however many refs.
//
// The queries are not one snapshot. A change that commits between them was
// recorded by its own transaction, so the entity is loaded once more after it.
func (s *Source) Load(ctx context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	ids := map[integration.Kind][]string{}
	if integration.ValidUUID(clientID) {
		for _, ref := range refs {
			if integration.ValidUUID(ref.Key) {
				ids[ref.Kind] = append(ids[ref.Kind], ref.Key)
			}
		}
	}
	found := map[integration.Ref]integration.Entity{}
	for _, load := range []func() error{
		func() error { return s.members(ctx, clientID, ids[integration.KindMember], found) },
		func() error {
			all, err := organizations.Load(ctx, s.db, clientID, ids[integration.KindOrganization])
			return add(found, all, err)
		},
		func() error {
			all, err := events.Load(ctx, s.db, clientID, ids[integration.KindEvent])
			return add(found, all, err)
		},
		func() error {
			all, err := tickets.Load(ctx, s.db, clientID, ids[integration.KindTicket])
			return add(found, all, err)
		},
	} {
		if err := load(); err != nil {
			return nil, fmt.Errorf("ports: %w", err)
		}
	}
	out := make([]integration.Loaded, len(refs))
	for i, ref := range refs {
		out[i].Ref = ref
		if e, ok := found[ref]; ok {
			out[i].Entity = e
		} else if _, kept := rows(ref.Kind); kept {
			out[i].Gone = true
		} else {
			out[i].Err = fmt.Errorf("ports: this host loads no %s", ref.Kind)
		}
	}
	return out, nil
}

// members joins what three modules know of a member.
func (s *Source) members(ctx context.Context, clientID string, ids []string, found map[integration.Ref]integration.Entity) error {
	all, err := members.Load(ctx, s.db, clientID, ids)
	if err != nil {
		return err
	}
	places, err := events.OfMembers(ctx, s.db, clientID, ids)
	if err != nil {
		return err
	}
	lessons, err := courses.OfMembers(ctx, s.db, clientID, ids)
	if err != nil {
		return err
	}
	for id, m := range all {
		m.Registrations, m.Enrollments = places[id], lessons[id]
		found[m.Ref()] = m
	}
	return nil
}

func add[E integration.Entity](found map[integration.Ref]integration.Entity, all map[string]E, err error) error {
	for _, e := range all {
		found[e.Ref()] = e
	}
	return err
}

// rows are the rows of a kind; false for one that nobody loads.
func rows(kind integration.Kind) (store.Rows, bool) {
	switch kind {
	case integration.KindMember:
		return members.Rows(), true
	case integration.KindOrganization:
		return organizations.Rows(), true
	case integration.KindEvent:
		return events.Rows(), true
	case integration.KindTicket:
		return tickets.Rows(), true
	}
	return store.Rows{}, false
}

// Keys implements [integration.Source].
func (s *Source) Keys(ctx context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	r, ok := rows(kind)
	if !ok {
		return nil, nil
	}
	return r.Keys(ctx, s.db, clientID, after, limit)
}

// Count implements [integration.Source].
func (s *Source) Count(ctx context.Context, clientID string, kind integration.Kind) (int, error) {
	r, ok := rows(kind)
	if !ok {
		return 0, nil
	}
	return r.Count(ctx, s.db, clientID)
}
