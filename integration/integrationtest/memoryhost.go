package integrationtest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// MemoryHost is a host for the tests of a plugin: an [integration.Source] over
// entities held in memory, and every other port. It is safe for concurrent use.
type MemoryHost struct {
	mu       sync.Mutex
	entities map[string]map[integration.Ref]integration.Entity // by client id
	load     func(clientID string, refs []integration.Ref) error
	crmIDs   map[string]map[integration.Ref]string
	write    func(clientID string, ids []integration.CRMID) error
	zones    map[string]*time.Location
	plans    map[string][]integration.Option
}

// NewMemoryHost returns a host without entities.
func NewMemoryHost() *MemoryHost {
	return &MemoryHost{
		entities: map[string]map[integration.Ref]integration.Entity{}, crmIDs: map[string]map[integration.Ref]string{},
		zones: map[string]*time.Location{}, plans: map[string][]integration.Option{},
	}
}

// Put adds or replaces a member.
func (h *MemoryHost) Put(clientID string, m integration.Member) { h.PutEntity(clientID, m) }

// PutEntity adds or replaces an entity of any kind.
func (h *MemoryHost) PutEntity(clientID string, e integration.Entity) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.entities[clientID] == nil {
		h.entities[clientID] = map[integration.Ref]integration.Entity{}
	}
	h.entities[clientID][e.Ref()] = copied(e)
}

// Delete removes a member.
func (h *MemoryHost) Delete(clientID, id string) {
	h.DeleteEntity(clientID, integration.Ref{Kind: integration.KindMember, Key: id})
}

// DeleteEntity removes an entity of any kind.
func (h *MemoryHost) DeleteEntity(clientID string, ref integration.Ref) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.entities[clientID], ref)
	delete(h.crmIDs[clientID], ref)
}

// Members returns a tenant's members, sorted by id.
func (h *MemoryHost) Members(clientID string) []integration.Member {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := h.keys(clientID, integration.KindMember)
	out := make([]integration.Member, len(keys))
	for i, key := range keys {
		out[i], _ = copied(h.entities[clientID][integration.Ref{Kind: integration.KindMember, Key: key}]).(integration.Member)
	}
	return out
}

// OnLoad calls f at every Load, outside any lock; an error of f is Load's. Nil
// ends it.
func (h *MemoryHost) OnLoad(f func(clientID string, refs []integration.Ref) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load = f
}

// Load implements [integration.Source].
func (h *MemoryHost) Load(_ context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	h.mu.Lock()
	hook := h.load
	h.mu.Unlock()
	if hook != nil {
		if err := hook(clientID, refs); err != nil {
			return nil, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]integration.Loaded, len(refs))
	for i, ref := range refs {
		out[i] = integration.Loaded{Ref: ref, Gone: true}
		if e, ok := h.entities[clientID][ref]; ok {
			out[i] = integration.Loaded{Ref: ref, Entity: copied(e)}
		}
	}
	return out, nil
}

// copied is an entity that shares no slice with e.
func copied(e integration.Entity) integration.Entity {
	switch e := e.(type) {
	case integration.Member:
		e.Memberships, e.Registrations, e.Enrollments = slices.Clone(e.Memberships), slices.Clone(e.Registrations), slices.Clone(e.Enrollments)
		e.InterestedIn, e.EventInterests = slices.Clone(e.InterestedIn), slices.Clone(e.EventInterests)
		return e
	case integration.Ticket:
		e.History, e.Replies = slices.Clone(e.History), slices.Clone(e.Replies)
		return e
	}
	return e
}

// Keys implements [integration.Source].
func (h *MemoryHost) Keys(_ context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	keys := h.keys(clientID, kind)
	from, found := slices.BinarySearch(keys, after)
	if found {
		from++
	}
	return keys[from:min(len(keys), from+limit)], nil
}

// Count implements [integration.Source].
func (h *MemoryHost) Count(_ context.Context, clientID string, kind integration.Kind) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.keys(clientID, kind)), nil
}

func (h *MemoryHost) keys(clientID string, kind integration.Kind) []string {
	var keys []string
	for ref := range maps.Keys(h.entities[clientID]) {
		if ref.Kind == kind {
			keys = append(keys, ref.Key)
		}
	}
	slices.Sort(keys)
	return keys
}

var _ integration.Source = (*MemoryHost)(nil)
