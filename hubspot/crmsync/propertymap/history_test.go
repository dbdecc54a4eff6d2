package propertymap_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/propertymap"
	"github.com/memberpulse/hubspotplugin/integration"
)

// history is one member, one property and the people around them. It knows who
// wrote what, which Decide does not.
type history struct {
	t   *testing.T
	rng *rand.Rand
	log []string
	n   int // makes values unlike any other

	policy, adopted integration.Policy
	maps            map[[2]integration.Policy]propertymap.Map
	member          string

	exists, found bool // in HubSpot; known to us
	origin        propertymap.Origin
	value, author string // in HubSpot; "us" or "person"
	stored        []string
}

// Thousands of lives in which members change, people edit HubSpot, admins change
// the policy and replies are lost. The promises are checked at each step.
func TestPromisesHoldInEveryHistory(t *testing.T) {
	t.Parallel()
	maps := map[[2]integration.Policy]propertymap.Map{}
	for _, p := range policies {
		for _, a := range policies {
			maps[[2]integration.Policy{p, a}] = only(to("city", "city", p, a), nil)
		}
	}
	for seed := range uint64(1000) {
		h := &history{t: t, rng: rand.New(rand.NewPCG(seed, 7)), member: "m-0", maps: maps,
			policy: policies[seed%3], adopted: policies[seed/3%3], origin: propertymap.CreatedNow}
		if seed%2 == 0 {
			h.exists, h.found, h.origin = true, true, propertymap.Adopted
			h.edit()
		}
		for range 40 {
			h.step()
			if t.Failed() {
				t.Fatalf("seed %d: %v", seed, h.log)
			}
		}
	}
}

func (h *history) step() {
	switch k := h.rng.IntN(12); {
	case k < 3:
		h.n++
		h.member = fmt.Sprint("m-", h.n)
		if h.rng.IntN(3) == 0 {
			h.member = ""
		}
		h.note("member %q", h.member)
	case k < 5 && h.exists:
		h.edit()
	case k == 5:
		h.policy, h.adopted = policies[h.rng.IntN(3)], policies[h.rng.IntN(3)]
		h.note("policies %s, %s", h.policy, h.adopted)
	case k < 8:
		h.sync(h.rng.IntN(2) == 0, false)
	default:
		h.sync(true, true)
	}
}

// edit is a person who types something into HubSpot, or clears it.
func (h *history) edit() {
	h.n++
	h.value, h.author = fmt.Sprint("p-", h.n), "person"
	if h.rng.IntN(3) == 0 {
		h.value = ""
	}
	h.note("person %q", h.value)
}

// sync is one attempt: the call arrives or not, and its reply too.
func (h *history) sync(arrives, answered bool) {
	if h.exists && !h.found { // its call was lost; the member id finds it
		h.found, h.origin = true, propertymap.CreatedBefore
	}
	m := h.maps[[2]integration.Policy{h.policy, h.adopted}]
	rec := propertymap.Record{Key: memberKey, Origin: h.origin, Sent: propertymap.ParseSent(h.stored)}
	values := map[string]string{"city": h.member}
	d := m.Decide(values, rec)
	if len(d.Read) > 0 {
		rec.Asked, rec.Present = d.Read, map[string]string{}
		if h.value != "" {
			rec.Present["city"] = h.value
		}
		d = m.Decide(values, rec)
		if len(d.Read) > 0 {
			h.t.Errorf("reads twice")
		}
	}
	h.stored = slices.Concat(h.stored, d.Fills.Entries()) // as SQL joins them
	was, by := h.value, h.author
	v, writes := d.Write["city"]
	creating := h.origin == propertymap.CreatedNow
	if arrives {
		h.exists = true
		if writes {
			h.value, h.author = v, "us"
		}
	}
	if arrives && answered {
		h.stored = d.Sent.Entries()
		h.found = true
		if creating {
			h.origin = propertymap.CreatedBefore
		}
	}
	h.note("sync %v %v: %q by %s -> %q", arrives, answered, was, by, h.value)
	if arrives {
		h.promises(was, by, writes, creating)
	}
}

func (h *history) promises(was, by string, writes, creating bool) {
	policy := h.policy
	if h.origin == propertymap.Adopted {
		policy = h.adopted
	}
	persons := by == "person" && was != ""
	switch {
	case creating:
		if h.value != h.member {
			h.t.Errorf("a new record has %q, not %q", h.value, h.member)
		}
	case persons && h.value == "":
		h.t.Error("cleared what a person typed")
	case persons && policy != integration.PolicyOurs && h.value != was:
		h.t.Error("overwrote what a person typed")
	case policy == integration.PolicyOnCreate && writes:
		h.t.Error("wrote to a record that was there")
	case policy == integration.PolicyOnCreate:
	case !persons && h.value != h.member:
		h.t.Errorf("a value that nobody touched does not follow: %q, want %q", h.value, h.member)
	case persons && policy == integration.PolicyOurs && h.member != "" && h.value != h.member:
		h.t.Errorf("ours is %q, want %q", h.value, h.member)
	}
}

func (h *history) note(format string, args ...any) {
	h.log = append(h.log, fmt.Sprintf(format, args...))
}
