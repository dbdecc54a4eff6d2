package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	ended := time.Now()
	for name, c := range map[string]struct {
		st   integration.Status
		err  error
		says string
		done bool
	}{
		"no answer":     {integration.Status{}, errors.New("x"), "cannot be read", false},
		"not connected": {integration.Status{}, nil, "not connected", true},
		"off":           {integration.Status{Connected: true}, nil, "connected", true},
		"waiting":       {integration.Status{Connected: true, Run: &integration.Run{Phase: "waiting"}}, nil, "first sync, waiting", false},
		"under way": {integration.Status{Connected: true, Run: &integration.Run{Phase: "delivering", Total: 250, Done: 100, PerSecond: 50, ETASeconds: 3}}, nil,
			"100 of 250 members, 50 a second, about 3 s left", false},
		"done": {integration.Status{Connected: true, Run: &integration.Run{FinishedAt: &ended}, Members: integration.MemberCounts{Total: 9, InSync: 6, NotIncluded: 2, NeedsAttention: 1}}, nil,
			"9 members, 6 in sync, 2 not included, 1 need attention", true},
	} {
		line, done := progress("A", c.st, c.err)
		if !strings.Contains(line, c.says) || done != c.done {
			t.Errorf("%s: %q, %v; want %q, %v", name, line, done, c.says, c.done)
		}
	}
}

func TestFollowEnds(t *testing.T) {
	t.Parallel()
	ended := time.Now()
	left := 2
	var out bytes.Buffer
	follow(t.Context(), &out, "A", func(context.Context) (integration.Status, error) {
		st := integration.Status{Connected: true, Run: &integration.Run{Phase: "delivering"}}
		if left--; left < 0 {
			st.Run.FinishedAt = &ended
		}
		return st, nil
	})
	if n := strings.Count(out.String(), "\n"); n != 2 || !strings.Contains(out.String(), "0 members") {
		t.Errorf("%d lines: %q; want the start and the end", n, &out)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	follow(ctx, &out, "A", func(ctx context.Context) (integration.Status, error) { return integration.Status{}, ctx.Err() })
}
