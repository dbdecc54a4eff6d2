package hubspottest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

// TestStoreAgainstAModel does random work and holds the simulator against a map: one
// contact per member id, found by id, by key and by email, and by nothing else.
func TestStoreAgainstAModel(t *testing.T) {
	t.Parallel()
	b := setup(t, hubspottest.Options{}).withMemberID()
	rng := rand.New(rand.NewPCG(7, 7))
	type member struct{ id, email string }
	model := map[string]member{} // by member id
	taken := map[string]string{} // email -> member id
	for step := range 400 {
		key, email := fmt.Sprint("M-", rng.IntN(12)), fmt.Sprintf("p%d@example.org", rng.IntN(16))
		m, known := model[key]
		switch rng.IntN(4) {
		case 0, 1:
			a := b.call("POST", contacts+"/batch/upsert", inputs(person(key, email, "t")))
			if holder := taken[email]; holder != "" && holder != key {
				a.want(207)
				continue
			}
			a.want(200)
			if new, _ := a.at("results", 0, "new").(bool); new == known {
				t.Fatalf("step %d: new is %v for a known %v", step, new, known)
			}
			if known && a.text("results", 0, "id") != m.id {
				t.Fatalf("step %d: %s moved from %s", step, key, m.id)
			}
			delete(taken, m.email)
			model[key], taken[email] = member{a.text("results", 0, "id"), email}, key
		case 2:
			if known {
				b.call("POST", contacts+"/batch/archive", inputs(input{"id": m.id})).want(204)
				delete(model, key)
				delete(taken, m.email)
			}
		case 3:
			a := b.call("POST", contacts+"/batch/read", map[string]any{"idProperty": "member_id", "properties": []string{"email"}, "inputs": []input{{"id": key}}})
			if (a.count("results") == 1) != known || known && a.text("results", 0, "properties", "email") != m.email {
				t.Fatalf("step %d: %s is %v: %s", step, key, m, a.raw)
			}
		}
	}
	live := b.portal.Contacts()
	if len(live) != len(model) {
		t.Fatalf("%d contacts, %d in the model", len(live), len(model))
	}
	for _, rec := range live {
		if m := model[rec.Properties["member_id"]]; m.id != rec.ID || m.email != rec.Properties["email"] {
			t.Fatalf("%v is %v in the model", rec, m)
		}
	}
}

// BenchmarkUpsert writes 100 contacts a call into a portal that holds 50,000.
func BenchmarkUpsert(b *testing.B) {
	s := hubspottest.New(hubspottest.Options{LogCap: -1})
	p := s.AddPortal(hubspottest.Portal{ID: 1, Token: testToken, MaxPerWindow: 1 << 30, Daily: 1 << 30})
	for i := range 50_000 {
		p.PutContact(map[string]string{"email": fmt.Sprintf("p%d@example.org", i)})
	}
	b.ResetTimer()
	for n := 0; b.Loop(); n++ {
		status := serve(s, upsertBody(n%500*100, n))
		if status != 200 {
			b.Fatal(status)
		}
	}
}
