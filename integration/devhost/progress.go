package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// follow shows the first sync of a client until it is done or ctx ends. On a
// terminal it is one line that moves; elsewhere a line every few seconds.
func follow(ctx context.Context, out io.Writer, name string, status func(context.Context) (integration.Status, error)) {
	moving := isTerminal(out)
	every := 5 * time.Second
	if moving {
		every = 300 * time.Millisecond
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	var last string
	var said time.Time
	for {
		st, err := status(ctx)
		if ctx.Err() != nil {
			return
		}
		line, done := progress(name, st, err)
		if done || line != last && time.Since(said) >= every {
			if moving {
				fmt.Fprintf(out, "\r%s%s", line, strings.Repeat(" ", max(0, len(last)-len(line))))
			} else {
				fmt.Fprintln(out, line)
			}
			last, said = line, time.Now()
		}
		if done {
			if moving {
				fmt.Fprintln(out)
			}
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// progress says in one line how far the first sync is.
func progress(name string, st integration.Status, err error) (line string, done bool) {
	switch {
	case err != nil:
		return name + ": the status cannot be read now", false
	case !st.Connected:
		return name + ": not connected", true
	case st.Run == nil:
		return name + ": connected", true
	}
	run := st.Run
	if run.FinishedAt == nil {
		line = fmt.Sprintf("%s: first sync, %s", name, run.Phase)
		if run.Total > 0 {
			line += fmt.Sprintf(", %d of %d %ss", run.Done, run.Total, cmp.Or(run.Kind, integration.KindMember))
		}
		if run.PerSecond > 0 {
			line += fmt.Sprintf(", %.0f a second", run.PerSecond)
		}
		if run.ETASeconds > 0 {
			line += fmt.Sprintf(", about %d s left", run.ETASeconds)
		}
		return line, false
	}
	m := st.Members
	line = fmt.Sprintf("%s: %d members, %d in sync, %d not included, %d need attention", name, m.Total, m.InSync, m.NotIncluded, m.NeedsAttention)
	if m.Waiting > 0 {
		line += fmt.Sprintf(", %d waiting", m.Waiting)
	}
	return line, true
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	fi, err := f.Stat()
	return err == nil && fi.Mode()&os.ModeCharDevice != 0
}
