package integrationtest

import "testing"

// nowhere is an id of nothing.
const nowhere = "99999999-9999-4999-8999-999999999999"

// rule is one subtest of a suite over harnesses H.
type rule[H any] struct {
	name  string
	check func(t testing.TB, h H)
}

// hold runs each rule, in parallel, on a harness of its own.
func hold[H any](t *testing.T, rules []rule[H], newHarness func(t *testing.T) H) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(t, newHarness(t))
		})
	}
}
