package integrationtest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// SourceHarness is one Source under test, with two tenants of its own. They may
// have entities already; the suite adds its own.
type SourceHarness struct {
	Source                  integration.Source
	ClientID, OtherClientID string
	// Kinds are those that the host has; nil means member, organization, ticket
	// and event.
	Kinds []integration.Kind
	// Add creates an entity as the host does, commits, and returns its key.
	Add func(ctx context.Context, clientID string, kind integration.Kind) (key string, err error)
	// DeleteMember deletes a member as the host does, and commits.
	DeleteMember func(ctx context.Context, clientID, id string) error
}

// TestSource holds a Source to its contract, one subtest for each rule.
// newSource makes new tenants for each of them; they run in parallel.
func TestSource(t *testing.T, newSource func(t *testing.T) SourceHarness) {
	hold(t, sourceRules(), newSource)
}

func sourceRules() []rule[SourceHarness] {
	return []rule[SourceHarness]{
		{"every ref is answered", sourceAnswers},
		{"what is found is whole", sourceWhole},
		{"a change can be read at once", sourceFresh},
		{"tenants are apart", sourceIsolation},
		{"keys ascend, and pages join", sourceWalk},
		{"the count is that of a walk", sourceCount},
		{"a kind that there is not is empty", sourceUnknownKind},
		{"many may read at once", sourceConcurrent},
	}
}

func (h SourceHarness) kinds() []integration.Kind {
	if h.Kinds != nil {
		return h.Kinds
	}
	return []integration.Kind{integration.KindMember, integration.KindOrganization, integration.KindTicket, integration.KindEvent}
}

func (h SourceHarness) mustAdd(t testing.TB, clientID string, kind integration.Kind) integration.Ref {
	t.Helper()
	key, err := h.Add(t.Context(), clientID, kind)
	if err != nil {
		t.Fatalf("add a %s: %v", kind, err)
	}
	if !integration.ValidUUID(key) {
		t.Fatalf("the key of a new %s is not a UUID in lower case", kind)
	}
	return integration.Ref{Kind: kind, Key: key}
}

// oneOfEach adds an entity of each kind.
func (h SourceHarness) oneOfEach(t testing.TB, clientID string) []integration.Ref {
	t.Helper()
	var refs []integration.Ref
	for _, kind := range h.kinds() {
		refs = append(refs, h.mustAdd(t, clientID, kind))
	}
	return refs
}

// mustLoad returns the answers by ref, and insists on exactly one for each.
func (h SourceHarness) mustLoad(t testing.TB, clientID string, refs ...integration.Ref) map[integration.Ref]integration.Loaded {
	t.Helper()
	answers, err := h.Source.Load(t.Context(), clientID, refs)
	if err != nil {
		t.Fatalf("load %d refs: %v", len(refs), err)
	}
	out := map[integration.Ref]integration.Loaded{}
	for _, a := range answers {
		if !slices.Contains(refs, a.Ref) {
			t.Errorf("an answer for %s, which nobody asked for", a.Ref)
		}
		if states := told(a); states != 1 {
			t.Errorf("%s: %d of Entity, Gone and Err are set, want exactly one", a.Ref, states)
		}
		out[a.Ref] = a
	}
	for _, ref := range refs {
		if _, ok := out[ref]; !ok {
			t.Errorf("%s has no answer; it would be asked for again and again", ref)
		}
	}
	return out
}

func told(a integration.Loaded) (n int) {
	for _, set := range []bool{a.Entity != nil, a.Gone, a.Err != nil} {
		if set {
			n++
		}
	}
	return n
}

func (h SourceHarness) mustKeys(t testing.TB, clientID string, kind integration.Kind, after string, limit int) []string {
	t.Helper()
	keys, err := h.Source.Keys(t.Context(), clientID, kind, after, limit)
	if err != nil {
		t.Fatalf("keys of kind %s, at most %d: %v", kind, limit, err)
	}
	if len(keys) > limit {
		t.Fatalf("%d keys of kind %s, want at most %d", len(keys), kind, limit)
	}
	return keys
}

// walk lists all keys, limit at a time, and insists on their order.
func (h SourceHarness) walk(t testing.TB, clientID string, kind integration.Kind, limit int) []string {
	t.Helper()
	var all []string
	for after := ""; ; {
		keys := h.mustKeys(t, clientID, kind, after, limit)
		for _, key := range keys {
			if key <= after {
				t.Fatalf("%s: key %s comes after %q; want ascending order", kind, key, after)
			}
			after = key
		}
		all = append(all, keys...)
		if len(keys) < limit {
			return all
		}
	}
}

func sourceAnswers(t testing.TB, h SourceHarness) {
	here := h.oneOfEach(t, h.ClientID)
	refs := slices.Clone(here)
	for _, kind := range h.kinds() {
		refs = append(refs, integration.Ref{Kind: kind, Key: nowhere}, integration.Ref{Kind: kind, Key: "not-a-uuid"})
	}
	for len(refs) < 100 { // a whole batch
		refs = append(refs, here...)
	}
	for ref, a := range h.mustLoad(t, h.ClientID, refs[:100]...) {
		switch found := slices.Contains(here, ref); {
		case found && a.Entity == nil:
			t.Errorf("%s is there and is not found: gone %v, error %v", ref, a.Gone, a.Err)
		case !found && !a.Gone:
			t.Errorf("%s does not exist and is not gone: error %v", ref, a.Err)
		}
	}
	h.mustLoad(t, h.ClientID, integration.Ref{Kind: "no-such-kind", Key: nowhere}, here[0])
	h.mustLoad(t, h.ClientID)
}

func sourceWhole(t testing.TB, h SourceHarness) {
	for ref, a := range h.mustLoad(t, h.ClientID, h.oneOfEach(t, h.ClientID)...) {
		if a.Entity == nil {
			t.Errorf("%s is not found", ref)
			continue
		}
		if got := a.Entity.Ref(); got != ref {
			t.Errorf("%s: the entity is %s", ref, got)
		}
		var fits bool
		switch e := a.Entity.(type) {
		case integration.Member:
			fits = ref.Kind == integration.KindMember
			if err := e.Validate(); err != nil {
				t.Errorf("%s: %v", ref, err)
			}
		case integration.Organization:
			fits = ref.Kind == integration.KindOrganization
		case integration.Ticket:
			fits = ref.Kind == integration.KindTicket
		case integration.Event:
			fits = ref.Kind == integration.KindEvent
		}
		if !fits {
			t.Errorf("%s: the entity is a %T; want the contract's own type, not a pointer to it", ref, a.Entity)
		}
	}
}

func sourceFresh(t testing.TB, h SourceHarness) {
	for _, kind := range h.kinds() {
		before := len(h.walk(t, h.ClientID, kind, 100))
		ref := h.mustAdd(t, h.ClientID, kind)
		if h.mustLoad(t, h.ClientID, ref)[ref].Entity == nil {
			t.Errorf("%s is committed and is not found; read the primary, and no cache", ref)
		}
		if keys := h.walk(t, h.ClientID, kind, 100); !slices.Contains(keys, ref.Key) || len(keys) != before+1 {
			t.Errorf("%s is committed; there were %d keys and are %d", ref, before, len(keys))
		}
	}
	kept, gone := h.mustAdd(t, h.ClientID, integration.KindMember), h.mustAdd(t, h.ClientID, integration.KindMember)
	h.mustLoad(t, h.ClientID, gone)
	if err := h.DeleteMember(t.Context(), h.ClientID, gone.Key); err != nil {
		t.Fatalf("delete a member: %v", err)
	}
	answers := h.mustLoad(t, h.ClientID, kept, gone)
	if !answers[gone].Gone {
		t.Errorf("%s is deleted and is not gone: error %v", gone, answers[gone].Err)
	}
	if answers[kept].Entity == nil {
		t.Errorf("%s is not found beside one that is gone", kept)
	}
	if slices.Contains(h.walk(t, h.ClientID, integration.KindMember, 100), gone.Key) {
		t.Errorf("%s is deleted and is still listed", gone)
	}
}

func sourceIsolation(t testing.TB, h SourceHarness) {
	own, foreign := h.oneOfEach(t, h.ClientID), h.oneOfEach(t, h.OtherClientID)
	for ref, a := range h.mustLoad(t, h.ClientID, slices.Concat(own, foreign)...) {
		if isForeign := slices.Contains(foreign, ref); isForeign && !a.Gone {
			t.Errorf("another tenant's %s is not gone", ref)
		} else if !isForeign && a.Entity == nil {
			t.Errorf("own %s is not found beside another tenant's", ref)
		}
	}
	for _, ref := range foreign {
		if slices.Contains(h.walk(t, h.ClientID, ref.Kind, 100), ref.Key) {
			t.Errorf("another tenant's %s is listed", ref)
		}
	}
	for ref, a := range h.mustLoad(t, nowhere, own...) {
		if !a.Gone {
			t.Errorf("%s is not gone for a tenant that there is not", ref)
		}
	}
	for _, kind := range h.kinds() {
		h.wantEmpty(t, nowhere, kind)
	}
}

func (h SourceHarness) wantEmpty(t testing.TB, clientID string, kind integration.Kind) {
	t.Helper()
	if keys := h.mustKeys(t, clientID, kind, "", 100); len(keys) != 0 {
		t.Errorf("%d keys of kind %s, want none", len(keys), kind)
	}
	if n, err := h.Source.Count(t.Context(), clientID, kind); err != nil || n != 0 {
		t.Errorf("count of kind %s: %d, %v; want 0", kind, n, err)
	}
}

func sourceWalk(t testing.TB, h SourceHarness) {
	for _, kind := range h.kinds() {
		var want []string
		for range 5 {
			want = append(want, h.mustAdd(t, h.ClientID, kind).Key)
		}
		h.mustAdd(t, h.OtherClientID, kind)
		all := h.walk(t, h.ClientID, kind, 1000)
		for _, key := range want {
			if !slices.Contains(all, key) {
				t.Errorf("a walk does not find %s %s", kind, key)
			}
		}
		for _, limit := range []int{1, 2, len(all), len(all) + 1} {
			if got := h.walk(t, h.ClientID, kind, limit); !slices.Equal(got, all) {
				t.Errorf("%s: a walk by %d finds %d keys, one by 1000 finds %d", kind, limit, len(got), len(all))
			}
		}
		// A walk goes on after a key that was deleted meanwhile, or was never there.
		if got := h.mustKeys(t, h.ClientID, kind, "00000000-0000-0000-0000-000000000000", 1000); !slices.Equal(got, all) {
			t.Errorf("%s: %d keys after one that sorts before all, want all %d", kind, len(got), len(all))
		}
		if got := h.mustKeys(t, h.ClientID, kind, "ffffffff-ffff-ffff-ffff-ffffffffffff", 1000); len(got) != 0 {
			t.Errorf("%s: %d keys after one that sorts after all", kind, len(got))
		}
	}
}

func sourceCount(t testing.TB, h SourceHarness) {
	gone := h.mustAdd(t, h.ClientID, integration.KindMember)
	for range 2 {
		h.oneOfEach(t, h.ClientID)
	}
	h.oneOfEach(t, h.OtherClientID)
	if err := h.DeleteMember(t.Context(), h.ClientID, gone.Key); err != nil {
		t.Fatalf("delete a member: %v", err)
	}
	for _, kind := range h.kinds() {
		n, err := h.Source.Count(t.Context(), h.ClientID, kind)
		if walked := len(h.walk(t, h.ClientID, kind, 100)); err != nil || n != walked {
			t.Errorf("%s: count %d, %v; a walk finds %d", kind, n, err, walked)
		}
	}
}

func sourceUnknownKind(t testing.TB, h SourceHarness) {
	h.oneOfEach(t, h.ClientID)
	for _, kind := range []integration.Kind{"no-such-kind", integration.KindActivity, ""} {
		h.wantEmpty(t, h.ClientID, kind)
	}
}

func sourceConcurrent(t testing.TB, h SourceHarness) {
	tenants := []string{h.ClientID, h.OtherClientID}
	refs := [][]integration.Ref{h.oneOfEach(t, h.ClientID), h.oneOfEach(t, h.OtherClientID)}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			own, foreign := i%2, 1-i%2
			answers, err := h.Source.Load(t.Context(), tenants[own], slices.Concat(refs[own], refs[foreign]))
			if err != nil {
				t.Errorf("load beside others: %v", err)
				return
			}
			for _, a := range answers {
				if (a.Entity != nil) != slices.Contains(refs[own], a.Ref) {
					t.Errorf("%s: found %v while others read", a.Ref, a.Entity != nil)
				}
			}
			if keys, err := h.Source.Keys(t.Context(), tenants[own], integration.KindMember, "", 100); err != nil || len(keys) == 0 {
				t.Errorf("keys beside others: %d, %v", len(keys), err)
			}
		})
	}
	wg.Wait()
}
