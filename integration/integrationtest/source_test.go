package integrationtest_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

const (
	one = "11111111-0000-4000-8000-000000000001"
	two = "22222222-0000-4000-8000-000000000002"
)

// world adds and deletes entities of a host in memory.
type world struct {
	host   *integrationtest.MemoryHost
	serial atomic.Int64
}

func (w *world) id() string {
	n := w.serial.Add(1)
	return fmt.Sprintf("%08x-0000-4000-8000-%012d", uint32(n*2654435761), n) // in no order
}

func (w *world) add(_ context.Context, clientID string, kind integration.Kind) (string, error) {
	id := w.id()
	switch kind {
	case integration.KindMember:
		w.host.Put(clientID, integration.Member{ID: id, Status: integration.MemberActive, Email: id + "@example.org"})
	case integration.KindOrganization:
		w.host.PutEntity(clientID, integration.Organization{ID: id})
	case integration.KindTicket:
		w.host.PutEntity(clientID, integration.Ticket{ID: id})
	case integration.KindEvent:
		w.host.PutEntity(clientID, integration.Event{ID: id})
	}
	return id, nil
}

func (w *world) deleteMember(_ context.Context, clientID, id string) error {
	w.host.Delete(clientID, id)
	return nil
}

// wrongSource is a source with a defect: each func, if set, replaces a method.
type wrongSource struct {
	*integrationtest.MemoryHost
	load  func(clientID string, refs []integration.Ref) ([]integration.Loaded, error)
	keys  func(clientID string, kind integration.Kind, after string, limit int) ([]string, error)
	count func(clientID string, kind integration.Kind) (int, error)
}

func (w *wrongSource) Load(ctx context.Context, clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
	if w.load != nil {
		return w.load(clientID, refs)
	}
	return w.MemoryHost.Load(ctx, clientID, refs)
}

func (w *wrongSource) Keys(ctx context.Context, clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
	if w.keys != nil {
		return w.keys(clientID, kind, after, limit)
	}
	return w.MemoryHost.Keys(ctx, clientID, kind, after, limit)
}

func (w *wrongSource) Count(ctx context.Context, clientID string, kind integration.Kind) (int, error) {
	if w.count != nil {
		return w.count(clientID, kind)
	}
	return w.MemoryHost.Count(ctx, clientID, kind)
}

// answers changes what Load answers.
func (w *wrongSource) answers(change func(clientID string, all []integration.Loaded) []integration.Loaded) {
	w.load = func(clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
		all, err := w.MemoryHost.Load(context.Background(), clientID, refs)
		return change(clientID, all), err
	}
}

func (w *wrongSource) listed(clientID string, kind integration.Kind, after string, limit int) []string {
	keys, _ := w.MemoryHost.Keys(context.Background(), clientID, kind, after, limit) // it has no errors
	return keys
}

func sourceHarness(set func(*wrongSource)) integrationtest.SourceHarness {
	w := &world{host: integrationtest.NewMemoryHost()}
	src := &wrongSource{MemoryHost: w.host}
	set(src)
	return integrationtest.SourceHarness{Source: src, ClientID: one, OtherClientID: two, Add: w.add, DeleteMember: w.deleteMember}
}

func TestSourceSuiteAcceptsMemoryHost(t *testing.T) {
	t.Parallel()
	integrationtest.TestSource(t, func(*testing.T) integrationtest.SourceHarness { return sourceHarness(func(*wrongSource) {}) })
}

func TestSourceSuiteCatches(t *testing.T) {
	t.Parallel()
	const answers, whole, fresh = "every ref is answered", "what is found is whole", "a change can be read at once"
	const apart, walk, count = "tenants are apart", "keys ascend, and pages join", "the count is that of a walk"
	for defect, tc := range map[string]struct {
		set  func(*wrongSource)
		rule string
	}{
		"what is gone is left out": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				return slices.DeleteFunc(all, func(a integration.Loaded) bool { return a.Gone })
			})
		}, answers},
		"an error for what is gone": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := range all {
					if all[i].Gone {
						all[i] = integration.Loaded{Ref: all[i].Ref, Err: integration.ErrNotFound}
					}
				}
				return all
			})
		}, answers},
		"gone and found at once": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := range all {
					all[i].Gone = true
				}
				return all
			})
		}, answers},
		"fifty at most": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := 50; i < len(all); i++ {
					all[i] = integration.Loaded{Ref: all[i].Ref, Gone: true}
				}
				return all
			})
		}, answers},
		"the neighbour's entity": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := range all {
					if m, ok := all[i].Entity.(integration.Member); ok {
						m.ID = two
						all[i].Entity = m
					}
				}
				return all
			})
		}, whole},
		"a status of its own": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := range all {
					if m, ok := all[i].Entity.(integration.Member); ok {
						m.Status = "enrolled"
						all[i].Entity = m
					}
				}
				return all
			})
		}, whole},
		"a pointer": {func(w *wrongSource) {
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				for i := range all {
					if m, ok := all[i].Entity.(integration.Member); ok {
						all[i].Entity = &m
					}
				}
				return all
			})
		}, whole},
		"a cache": {func(w *wrongSource) {
			var mu sync.Mutex
			kept := map[integration.Ref]integration.Loaded{}
			w.answers(func(_ string, all []integration.Loaded) []integration.Loaded {
				mu.Lock()
				defer mu.Unlock()
				for i, a := range all {
					if old, ok := kept[a.Ref]; ok {
						all[i] = old
					}
					kept[a.Ref] = all[i]
				}
				return all
			})
		}, fresh},
		"one table for all tenants": {func(w *wrongSource) {
			w.answers(func(clientID string, all []integration.Loaded) []integration.Loaded {
				for i, a := range all {
					for _, tenant := range []string{one, two} {
						if other, err := w.MemoryHost.Load(context.Background(), tenant, []integration.Ref{a.Ref}); a.Gone && err == nil {
							all[i] = other[0]
							a = other[0]
						}
					}
				}
				return all
			})
		}, apart},
		"keys of all tenants": {func(w *wrongSource) {
			w.keys = func(_ string, kind integration.Kind, after string, limit int) ([]string, error) {
				keys := slices.Sorted(slices.Values(slices.Concat(w.listed(one, kind, after, limit), w.listed(two, kind, after, limit))))
				return keys[:min(limit, len(keys))], nil
			}
		}, apart},
		"newest first": {func(w *wrongSource) {
			w.keys = func(clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
				keys := w.listed(clientID, kind, after, limit)
				slices.Reverse(keys)
				return keys, nil
			}
		}, walk},
		"the key itself again": {func(w *wrongSource) {
			w.keys = func(clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
				keys := w.listed(clientID, kind, after, limit)
				if after != "" && len(keys) > 0 {
					keys = slices.Insert(keys, 0, after)[:min(limit, len(keys)+1)]
				}
				return keys, nil
			}
		}, walk},
		"short pages in the middle": {func(w *wrongSource) {
			w.keys = func(clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
				return w.listed(clientID, kind, after, min(limit, 3)), nil
			}
		}, walk},
		"the deleted are counted": {func(w *wrongSource) {
			w.count = func(clientID string, kind integration.Kind) (int, error) {
				return len(w.listed(clientID, kind, "", 100)) + 1, nil
			}
		}, count},
		"an error for an unknown kind": {func(w *wrongSource) {
			w.keys = func(clientID string, kind integration.Kind, after string, limit int) ([]string, error) {
				if kind == "no-such-kind" {
					return nil, integration.ErrNotFound
				}
				return w.listed(clientID, kind, after, limit), nil
			}
		}, "a kind that there is not is empty"},
		"one reader at a time": {func(w *wrongSource) {
			var mu sync.Mutex
			w.load = func(clientID string, refs []integration.Ref) ([]integration.Loaded, error) {
				if !mu.TryLock() {
					return nil, context.DeadlineExceeded
				}
				defer mu.Unlock()
				<-time.After(20 * time.Millisecond)
				return w.MemoryHost.Load(context.Background(), clientID, refs)
			}
		}, "many may read at once"},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			wantBroken(t, broken(t, integrationtest.SourceRules(), func() integrationtest.SourceHarness { return sourceHarness(tc.set) }), tc.rule)
		})
	}
}
