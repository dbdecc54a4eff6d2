package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot/hubspottest"
)

func TestParse(t *testing.T) {
	t.Parallel()
	c, err := parse(strings.Fields("-addr 127.0.0.1:1 -portal 11 -token ONE -plan professional -daily 500 -portal 22 -token TWO -scopes a,b -window 7 -auto-company -max-lists 3 "+
		"-latency 5ms -search-lag -1s -email-conflict batch-no-id -conflict-body without-id -keep-old-email -seed 9 -note-keys forbidden -no-associations-empty -list-lag 2s -events-silent"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	one, two := c.portals[0], c.portals[1]
	if c.addr != "127.0.0.1:1" || one.ID != 11 || one.Token != "ONE" || one.Plan != "professional" || one.Daily != 500 || one.Scopes != nil {
		t.Fatalf("%+v", c)
	}
	if two.ID != 22 || strings.Join(two.Scopes, "+") != "a+b" || two.MaxPerWindow != 7 || !two.AutoCompany || two.MaxLists != 3 || one.AutoCompany {
		t.Fatalf("%+v", two)
	}
	o := c.opts
	if o.Latency != 5*time.Millisecond || o.SearchLag != -time.Second || !o.KeepOldEmail || o.Seed != 9 ||
		o.EmailConflict != hubspottest.EmailConflictBatchNoID || o.ConflictBody != hubspottest.ConflictWithoutID ||
		o.NoteKeys != hubspottest.NoteKeysForbidden || !o.NoAssociationsEmpty || o.ListLag != 2*time.Second || !o.EventsSilent {
		t.Fatalf("%+v", o)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"-portal x -token T", "-portal 0 -token T", "-portal 1", "-token T", "-portal 1 -token T -portal 1 -token U", "-portal 1 -token T -portal 2 -token T",
		"-portal 1 -token T -plan gold", "-portal 1 -token T -timezone Mars/Base", "-portal 1 -token T -window 0", "-portal 1 -token T -daily x",
		"-email-conflict maybe", "-conflict-body 4", "-latency soon", "-unknown", "argument",
	} {
		if _, err := parse(strings.Fields(line), io.Discard); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func TestHelpNamesEveryFlagAndFault(t *testing.T) {
	t.Parallel()
	var help strings.Builder
	if _, err := parse([]string{"-h"}, &help); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	for _, word := range []string{"-addr", "-portal", "-token", "-scopes", "-latency", "-search-lag", "-email-conflict", "/_sim/state", "/_sim/faults", "/_sim/portals", "loseReply", "truncate", "ready http"} {
		if !strings.Contains(help.String(), word) {
			t.Errorf("help does not name %s", word)
		}
	}
}
