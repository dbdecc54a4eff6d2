package integrationtest_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
)

// witness is a testing.TB that remembers a failure instead of failing.
type witness struct {
	testing.TB

	mu       sync.Mutex
	failures []string
}

func (w *witness) note(msg string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures = append(w.failures, msg)
}

func (w *witness) Helper() {}

func (w *witness) Error(args ...any) { w.note(fmt.Sprint(args...)) }

func (w *witness) Errorf(format string, args ...any) { w.note(fmt.Sprintf(format, args...)) }

func (w *witness) Fatal(args ...any) {
	w.note(fmt.Sprint(args...))
	runtime.Goexit()
}

func (w *witness) Fatalf(format string, args ...any) {
	w.note(fmt.Sprintf(format, args...))
	runtime.Goexit()
}

// broken returns the names of the rules that an implementation breaks, with the
// first complaint of each in the log of the test.
func broken[H any](t *testing.T, rules []integrationtest.Rule[H], newHarness func() H) []string {
	t.Helper()
	var names []string
	for _, rule := range rules {
		w := &witness{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			rule.Check(w, newHarness())
		}()
		<-done
		if len(w.failures) > 0 {
			names = append(names, rule.Name)
			t.Logf("%s: %s", rule.Name, w.failures[0])
		}
	}
	return names
}

// wantBroken checks that a suite catches a defect, by the rule that it is about.
func wantBroken(t *testing.T, got []string, rule string) {
	t.Helper()
	if !slices.Contains(got, rule) {
		t.Errorf("the suite does not catch it by %q; rules broken: %q", rule, got)
	}
}
