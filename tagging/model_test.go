package tagging_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

var modelSeed = flag.Uint64("model.seed", 1, "seed of the first life of the model test")

const (
	modelLives = 200 // members whose life is followed
	modelSteps = 60  // what happens in one life
)

// TestModel lets members live: they join, renew, register, miss, complete, and
// people correct their tags by hand. Compute sees only what the host's tables
// say in the end, in any order; an oracle has followed what happened.
func TestModel(t *testing.T) {
	t.Parallel()
	seen, happened := map[string]int{}, map[string]int{}
	for life := range uint64(modelLives) {
		seed := *modelSeed + life
		w := &world{rng: rand.New(rand.NewPCG(seed, 5)), oracle: newOracle(), used: map[int]bool{}, plain: life%2 == 0, happened: happened}
		for step := range modelSteps {
			w.now += 1 + w.rng.IntN(100_000)
			w.used[w.now] = true
			w.step()
			if complaint := w.judge(seen); complaint != "" {
				t.Fatalf("step %d: %s\n%s\nrepeat with -model.seed=%d", step, complaint, strings.Join(w.story, "\n"), seed)
			}
		}
	}
	for _, tag := range tagging.Catalog() {
		for _, how := range []string{"on", "off", "on by hand", "off by hand"} {
			if seen[tag.Slug+" "+how] < 20 {
				t.Errorf("%s was %s %d times: this proves too little", tag.Slug, how, seen[tag.Slug+" "+how])
			}
		}
	}
	for what, n := range happened {
		if n < 20 {
			t.Errorf("%q happened %d times: this proves too little", what, n)
		}
	}
}

// judge compares. It is told twice, in two orders.
func (w *world) judge(seen map[string]int) string {
	want := w.oracle.expect(w.now)
	states := tagging.Compute(disorder(w.rng, w.member), disordered(w.rng, w.hands))
	if again := tagging.Compute(disorder(w.rng, w.member), disordered(w.rng, w.hands)); !reflect.DeepEqual(states, again) {
		return fmt.Sprintf("order matters:\n%+v\n%+v", states, again)
	}
	for _, s := range states {
		e := want[s.Tag]
		how := "off"
		if s.On {
			how = "on"
		}
		if s.ByHand {
			how += " by hand"
		}
		seen[s.Tag+" "+how]++
		if s.On != e.on || s.ByHand != e.byHand || s.On && (!s.LastAt.Equal(second(e.last)) || s.Name != e.name) {
			return fmt.Sprintf("%s is %+v\nwant %+v, last %v", s.Tag, s, e, second(e.last))
		}
		if s.On && (s.Since.After(s.LastAt) || s.Since.IsZero()) || s.ChangedAt.After(second(w.now)) {
			return fmt.Sprintf("times of %s: %+v", s.Tag, s)
		}
		// Where the data keep every time, Since is when it was seen to come on.
		if family := strings.HasPrefix(s.Tag, "event") || strings.HasPrefix(s.Tag, "course"); s.On && family && w.plain && !s.Since.Equal(second(e.began)) {
			return fmt.Sprintf("%s is on since %v, was seen to come on at %v", s.Tag, s.Since, second(e.began))
		}
		if !s.On && w.plain && !s.ByHand && s.Tag == tagging.EventRegistered && w.ends != 0 && len(w.oracle.words) == 0 && !s.ChangedAt.Equal(second(w.ends)) {
			return fmt.Sprintf("registered ended at %v, the last end was %v", s.ChangedAt, second(w.ends))
		}
	}
	return ""
}

func second(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(n) * time.Second)
}

// world is the host's tables of one member, and what happens to them.
type world struct {
	rng      *rand.Rand
	oracle   *oracle
	now      int
	used     map[int]bool
	plain    bool // nothing comes late or is taken back without a trace
	member   integration.Member
	hands    []tagging.Hand // all that were ever raised
	ends     int            // when a registration last came to its end
	story    []string
	happened map[string]int
}

func (w *world) tell(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	what, _, _ := strings.Cut(line, " ")
	w.happened[what]++
	w.story = append(w.story, fmt.Sprintf("%9d %s", w.now, line))
}

// sometime is now, or, where things may come late, a moment after start.
func (w *world) sometime(start int) int {
	if w.plain || w.rng.IntN(3) > 0 {
		return w.now
	}
	for range 20 {
		if at := start + 1 + w.rng.IntN(w.now-start); !w.used[at] && at > start {
			w.used[at] = true
			return at
		}
	}
	return w.now
}

func (w *world) step() {
	switch n := w.rng.IntN(100); {
	case n < 35:
		w.membership()
	case n < 65:
		w.event()
	case n < 82:
		w.course()
	default:
		w.hand()
	}
}

func (w *world) hand() {
	tag := tagging.Catalog()[w.rng.IntN(10)].Slug
	on := w.rng.IntN(2) == 0
	if w.plain && on && !strings.HasPrefix(tag, "membership") {
		on = false
	}
	at := w.sometime(0)
	w.tell("hand on %s: %v at %d", tag, on, at)
	w.hands = append(w.hands, tagging.Hand{Tag: tag, Applied: on, OccurredAt: second(at)})
	w.oracle.hand(tag, on, at)
}

func (w *world) course() {
	if w.rng.IntN(3) == 0 || len(w.member.Enrollments) == 0 {
		id := fmt.Sprintf("course-%d", len(w.member.Enrollments))
		at := w.sometime(0)
		w.tell("enroll %s at %d", id, at)
		w.member.Enrollments = append(w.member.Enrollments, integration.Enrollment{ID: id, CourseID: id, CourseName: id, Status: integration.EnrollmentActive, EnrolledAt: second(at)})
		w.oracle.courses[id] = &courseBook{name: id, enrolled: at}
		return
	}
	e := &w.member.Enrollments[w.rng.IntN(len(w.member.Enrollments))]
	book := w.oracle.courses[e.ID]
	switch {
	case e.Status == integration.EnrollmentActive && w.rng.IntN(3) > 0:
		at := w.sometime(book.enrolled)
		w.tell("complete %s at %d", e.ID, at)
		e.Status, e.CompletedAt, e.Progress = integration.EnrollmentCompleted, second(at), 100
		book.completed, book.closedFor = at, at
	case e.Status != integration.EnrollmentCancelled && w.rng.IntN(2) == 0:
		w.tell("leave %s", e.ID)
		e.Status, e.CancelledAt = integration.EnrollmentCancelled, second(w.now)
		book.cancelled, book.closedFor = w.now, w.now
	}
}
