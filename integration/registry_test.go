package integration_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

// guest is a plugin that notes what happens to it.
type guest struct {
	id             integration.ID
	startErr, stop error
	journal        *[]string
	schema         integration.Schema
}

func (g *guest) Spec() integration.Spec {
	return integration.Spec{ID: g.id, Name: string(g.id), Category: "CRM", Summary: "s", Schema: g.schema}
}

func (g *guest) Start(context.Context) error {
	*g.journal = append(*g.journal, "start "+string(g.id))
	return g.startErr
}

func (g *guest) Stop(context.Context) error {
	*g.journal = append(*g.journal, "stop "+string(g.id))
	return g.stop
}

func TestRegistryStartsInOrderAndStopsInReverse(t *testing.T) {
	t.Parallel()
	var journal []string
	r, err := integration.NewRegistry(&guest{id: "zeta", journal: &journal}, &guest{id: "alpha", journal: &journal}, &guest{id: "mid", journal: &journal})
	must(t, err)
	must(t, r.Start(t.Context()))
	if err := r.Start(t.Context()); err == nil {
		t.Error("started twice")
	}
	must(t, r.Stop(t.Context()))
	must(t, r.Stop(t.Context()))
	want := []string{"start zeta", "start alpha", "start mid", "stop mid", "stop alpha", "stop zeta"}
	if !slices.Equal(journal, want) {
		t.Errorf("journal %v, want %v", journal, want)
	}
	var ids []string
	for _, p := range r.All() {
		ids = append(ids, string(p.Spec().ID))
	}
	if !slices.Equal(ids, []string{"alpha", "mid", "zeta"}) {
		t.Errorf("All is not sorted: %v", ids)
	}
	if p, ok := r.Lookup("mid"); !ok || p.Spec().ID != "mid" {
		t.Error("Lookup does not find a plugin")
	}
	if _, ok := r.Lookup("nobody"); ok {
		t.Error("Lookup finds a plugin that nobody registered")
	}
}

func TestRegistryTellsBothErrors(t *testing.T) {
	t.Parallel()
	var journal []string
	cannotStart, cannotStop := errors.New("no port"), errors.New("stuck")
	r, err := integration.NewRegistry(
		&guest{id: "one", journal: &journal},
		&guest{id: "two", stop: cannotStop, journal: &journal},
		&guest{id: "three", startErr: cannotStart, journal: &journal},
		&guest{id: "four", journal: &journal})
	must(t, err)
	err = r.Start(t.Context())
	if !errors.Is(err, cannotStart) || !errors.Is(err, cannotStop) {
		t.Errorf("error = %v", err)
	}
	if !strings.Contains(err.Error(), `start "three"`) || !strings.Contains(err.Error(), `stop "two"`) {
		t.Errorf("the error does not say whose it is: %v", err)
	}
	want := []string{"start one", "start two", "start three", "stop two", "stop one"}
	if !slices.Equal(journal, want) {
		t.Errorf("journal %v, want %v", journal, want)
	}
}

func TestRegistryRefuses(t *testing.T) {
	t.Parallel()
	var journal []string
	ok := &guest{id: "one", journal: &journal}
	broken := &guest{id: "two", journal: &journal, schema: integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{{Key: "Bad key"}}}}}}
	for what, c := range map[string]struct {
		plugins []integration.Plugin
		say     string
	}{
		"nil":           {[]integration.Plugin{ok, nil}, "plugin 1 is nil"},
		"twice":         {[]integration.Plugin{ok, ok}, "twice"},
		"upper case id": {[]integration.Plugin{&guest{id: "HubSpot", journal: &journal}}, "lower-case"},
		"one letter":    {[]integration.Plugin{&guest{id: "h", journal: &journal}}, "2 to 32"},
		"schema":        {[]integration.Plugin{broken}, "camelCase"},
	} {
		if _, err := integration.NewRegistry(c.plugins...); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: error %v does not say %q", what, err, c.say)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
