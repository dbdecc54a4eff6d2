package tagging_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/tagging"
)

var epoch = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// at is the n-th hour of the tests; 0 is the time that nobody knows.
func at(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(n) * time.Hour)
}

func hour(t time.Time) string {
	if t.IsZero() {
		return "?"
	}
	return fmt.Sprint(int(t.Sub(epoch) / time.Hour))
}

// show is a state in short: "on 1..3 renewed Gold", "off 5 status-expired".
func show(s tagging.State) string {
	words := []string{"off", hour(s.ChangedAt)}
	if s.On {
		words = []string{"on", hour(s.Since) + ".." + hour(s.LastAt)}
	}
	for _, w := range []string{s.Cause, s.Name} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

type ruleCase struct {
	name  string
	m     integration.Member
	hands []tagging.Hand
	want  map[string]string // by slug; all others are off
}

func judge(t *testing.T, cases []ruleCase) {
	t.Helper()
	for _, c := range cases {
		states := tagging.Compute(c.m, c.hands)
		var on []string
		for slug, want := range c.want {
			if _, ok := tagging.Find(slug); !ok {
				t.Fatalf("%s: no tag %q", c.name, slug)
			}
			if strings.HasPrefix(want, "on") {
				on = append(on, slug)
			}
		}
		for _, s := range states {
			if want, told := c.want[s.Tag]; told && show(s) != want {
				t.Errorf("%s: %s is %q, want %q", c.name, s.Tag, show(s), want)
			}
			if s.ByHand != (s.Cause == tagging.CauseByHand) || s.On && s.ChangedAt != s.Since || !s.On && (!s.LastAt.IsZero() || !s.Since.IsZero() || s.Name != "") {
				t.Errorf("%s: %s contradicts itself: %+v", c.name, s.Tag, s)
			}
		}
		got := tagging.On(states)
		slices.Sort(on)
		slices.Sort(got)
		if !slices.Equal(got, on) {
			t.Errorf("%s: on are %v, want %v", c.name, got, on)
		}
	}
}

func with(ms ...integration.Membership) integration.Member {
	return integration.Member{Status: integration.MemberActive, Memberships: ms}
}

func attending(rs ...integration.Registration) integration.Member {
	return integration.Member{Status: integration.MemberActive, Registrations: rs}
}

func learning(es ...integration.Enrollment) integration.Member {
	return integration.Member{Status: integration.MemberActive, Enrollments: es}
}

func apply(tag string, n int) tagging.Hand {
	return tagging.Hand{Tag: tag, Applied: true, Cause: "asked for", By: "user-1", OccurredAt: at(n)}
}

func remove(tag string, n int) tagging.Hand {
	return tagging.Hand{Tag: tag, Cause: "asked for", By: "user-1", OccurredAt: at(n)}
}
