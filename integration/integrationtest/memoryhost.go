package integrationtest

import (
	"context"
	"slices"
	"sync"

	"github.com/memberpulse/hubspotplugin/integration"
)

// MemoryHost is an [integration.Source] over members held in memory: a host
// for the tests of a plugin. It is safe for concurrent use.
type MemoryHost struct {
	mu      sync.Mutex
	members map[string]map[string]integration.Member // by client id, then key
	load    func(clientID string, refs []integration.Ref) error
}

// NewMemoryHost returns a host without members.
func NewMemoryHost() *MemoryHost {
	return &MemoryHost{members: map[string]map[string]integration.Member{}}
}

// Put adds or replaces a member.
func (h *MemoryHost) Put(clientID string, m integration.Member) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.members[clientID] == nil {
		h.members[clientID] = map[string]integration.Member{}
	}
	h.members[clientID][m.ID] = m
}

// Delete removes a member.
func (h *MemoryHost) Delete(clientID, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.members[clientID], id)
}

// Members returns a tenant's members, sorted by id.
func (h *MemoryHost) Members(clientID string) []integration.Member {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]integration.Member, 0, len(h.members[clientID]))
	for _, key := range h.keys(clientID) {
		out = append(out, h.members[clientID][key])
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
		if m, ok := h.members[clientID][ref.Key]; ok && ref.Kind == integration.KindMember {
			m.Memberships = slices.Clone(m.Memberships)
			out[i] = integration.Loaded{Ref: ref, Entity: m}
		}
	}
	return out, nil
}

// Keys implements [integration.Source].
func (h *MemoryHost) Keys(_ context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if kind != integration.KindMember {
		return nil, nil
	}
	keys := h.keys(clientID)
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
	if kind != integration.KindMember {
		return 0, nil
	}
	return len(h.members[clientID]), nil
}

func (h *MemoryHost) keys(clientID string) []string {
	keys := make([]string, 0, len(h.members[clientID]))
	for k := range h.members[clientID] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

var _ integration.Source = (*MemoryHost)(nil)
