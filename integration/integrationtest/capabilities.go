package integrationtest

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/integration"
)

// capabilityRules are the rules of what a tenant's admin may change beside the
// settings.
func capabilityRules() []rule[PluginHarness] {
	return []rule[PluginHarness]{
		{"a property map is read and checked without a change", mapIsChecked},
		{"tags are those of the catalog and of the tenant's members", tagsAreApart},
		{"matches are decided as proposed or not at all", matchesAreRefused},
		{"options can be stored as choices", optionsAreChoices},
	}
}

// undo runs do in a transaction, rolls it back, and returns the error of do.
func undo(t testing.TB, h PluginHarness, do func(*sql.Tx) error) error {
	t.Helper()
	tx, err := h.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	err = do(tx)
	if rollbackErr := tx.Rollback(); rollbackErr != nil {
		t.Fatal(rollbackErr)
	}
	return err
}

func mapIsChecked(t testing.TB, h PluginHarness) {
	p, ok := h.Plugin.(integration.PropertyMapper)
	if !ok {
		t.Log("no PropertyMapper")
		return
	}
	if m, err := p.PropertyMapping(t.Context(), h.OtherClientID); err != nil || m.Properties == nil && m.Notice == "" {
		t.Errorf("the map of a tenant that is not connected: notice %q, %v; want one that says so", m.Notice, err)
	}
	start(t, h)
	connect(t, h)
	read := func() integration.PropertyMapping {
		t.Helper()
		m, err := p.PropertyMapping(t.Context(), h.ClientID)
		if err != nil {
			t.Fatalf("read the map: %v", err)
		}
		return m
	}
	before := read()
	wantWhole(t, before)
	if err := p.CheckMapping(t.Context(), h.ClientID, before.Rules); err != nil {
		t.Errorf("the map in use is refused: %v", err)
	}
	wrong := append(slices.Clone(before.Rules), integration.MappingRule{
		Object: "contact", Field: "noSuchField", Property: "firstname", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyOurs,
	})
	var fields integration.FieldErrors
	if err := p.CheckMapping(t.Context(), h.ClientID, wrong); !errors.As(err, &fields) || len(fields["contact.noSuchField"]) == 0 {
		t.Errorf("a field that there is not: %v, want FieldErrors for contact.noSuchField", err)
	}
	set := func(clientID string, version int64) error {
		return undo(t, h, func(tx *sql.Tx) error { return p.SetMapping(t.Context(), tx, clientID, version, before.Rules) })
	}
	if err := set(h.ClientID, before.Version+1); !errors.Is(err, integration.ErrStale) {
		t.Errorf("a map of another version: %v, want ErrStale", err)
	}
	if err := set(h.ClientID, before.Version); err != nil {
		t.Errorf("set the map in use: %v", err)
	}
	if err := set(h.OtherClientID, 0); !errors.Is(err, integration.ErrNotConnected) {
		t.Errorf("set the map of a tenant that is not connected: %v, want ErrNotConnected", err)
	}
	if after := read(); after.Version != before.Version || !slices.Equal(after.Rules, before.Rules) {
		t.Errorf("checks, refusals and a rollback have changed the map from version %d to %d", before.Version, after.Version)
	}
}

// wantWhole insists on a map that a page can show.
func wantWhole(t testing.TB, m integration.PropertyMapping) {
	t.Helper()
	known := map[string]bool{}
	for _, f := range m.Fields {
		place := f.Object + "." + f.Key
		if f.Object == "" || f.Key == "" || f.Label == "" || f.Type == "" || known[place] {
			t.Errorf("field %q lacks something, or stands twice", place)
		}
		known[place] = true
	}
	for _, r := range m.Rules {
		if !known[r.Object+"."+r.Field] {
			t.Errorf("there is a rule for %s.%s and no such field", r.Object, r.Field)
		}
	}
	if len(m.Rules) == 0 || m.Properties == nil && m.Notice == "" {
		t.Errorf("%d rules, %d properties, notice %q; want all, or why not", len(m.Rules), len(m.Properties), m.Notice)
	}
}

func tagsAreApart(t testing.TB, h PluginHarness) {
	p, ok := h.Plugin.(integration.Tagger)
	if !ok {
		t.Log("no Tagger")
		return
	}
	start(t, h)
	connect(t, h)
	board, err := p.TagBoard(t.Context(), h.ClientID)
	if err != nil || len(board.Tags) == 0 {
		t.Fatalf("the board has %d tags, %v", len(board.Tags), err)
	}
	member := h.Change.Ref.Key
	has := func() (slugs []string) {
		t.Helper()
		all, err := p.MemberTags(t.Context(), h.ClientID, member)
		if err != nil {
			t.Fatalf("tags of an own member: %v", err)
		}
		for _, tag := range all {
			slugs = append(slugs, tag.Tag)
		}
		return slugs
	}
	before, free, seen := has(), "", map[string]bool{}
	for _, tag := range board.Tags {
		if tag.Tag == "" || tag.Label == "" || tag.Family == "" || seen[tag.Tag] {
			t.Errorf("tag %q lacks something, or stands twice", tag.Tag)
		}
		seen[tag.Tag] = true
		if !slices.Contains(before, tag.Tag) {
			free = tag.Tag
		}
	}
	change := func(memberID, tag string) integration.TagChange {
		return integration.TagChange{MemberID: memberID, Tag: tag, Applied: true, Cause: "conformance", By: "user-1", OccurredAt: time.Now()}
	}
	set := func(clientID string, c integration.TagChange) error {
		return undo(t, h, func(tx *sql.Tx) error { return p.SetTag(t.Context(), tx, clientID, c) })
	}
	for what, at := range map[string][2]string{
		"another tenant's member": {h.OtherClientID, member}, "nobody": {h.ClientID, nowhere}, "nonsense": {h.ClientID, "nonsense"},
	} {
		if _, err := p.MemberTags(t.Context(), at[0], at[1]); !errors.Is(err, integration.ErrNotFound) {
			t.Errorf("tags of %s: %v, want ErrNotFound", what, err)
		}
		if err := set(at[0], change(at[1], board.Tags[0].Tag)); !errors.Is(err, integration.ErrNotFound) {
			t.Errorf("a tag for %s: %v, want ErrNotFound", what, err)
		}
	}
	for _, tag := range []string{"", "vip", " " + board.Tags[0].Tag, strings.ToUpper(board.Tags[0].Tag)} {
		if err := set(h.ClientID, change(member, tag)); err == nil || errors.Is(err, integration.ErrNotFound) {
			t.Errorf("the tag %q, which is not in the catalog: %v, want a refusal", tag, err)
		}
	}
	if err := undo(t, h, func(tx *sql.Tx) error { return p.ConfirmTags(t.Context(), tx, h.OtherClientID, false) }); !errors.Is(err, integration.ErrNotConnected) {
		t.Errorf("confirm the tags of a tenant that is not connected: %v, want ErrNotConnected", err)
	}
	if free == "" {
		return // the member has them all
	}
	if err := set(h.ClientID, change(member, free)); err != nil {
		t.Errorf("set %q by hand: %v", free, err)
	}
	if got := has(); !slices.Equal(got, before) {
		t.Errorf("refusals and a rollback have changed the member's tags from %q to %q", before, got)
	}
	inTx(t, h, func(tx *sql.Tx) error { return p.SetTag(t.Context(), tx, h.ClientID, change(member, free)) })
	if got := has(); !slices.Contains(got, free) {
		t.Errorf("%q was set by hand; the member has %q", free, got)
	}
}

func matchesAreRefused(t testing.TB, h PluginHarness) {
	p, ok := h.Plugin.(integration.Matcher)
	if !ok {
		t.Log("no Matcher")
		return
	}
	start(t, h)
	connect(t, h)
	for _, clientID := range []string{h.ClientID, h.OtherClientID} {
		m, err := p.Matching(t.Context(), clientID)
		if err != nil || m.Searched > m.Total || clientID == h.OtherClientID && m.Open {
			t.Errorf("matching: open %v, %d of %d searched, %v", m.Open, m.Searched, m.Total, err)
		}
		for _, proposal := range m.Proposals {
			if s := proposal.Suggested; s != "" && !slices.ContainsFunc(proposal.Candidates, func(c integration.MatchCandidate) bool { return c.ID == s }) {
				t.Errorf("company %s is suggested for %s and is no candidate", s, proposal.OrganizationID)
			}
		}
	}
	decide := func(clientID string, all ...integration.MatchDecision) error {
		return undo(t, h, func(tx *sql.Tx) error { return p.DecideMatches(t.Context(), tx, clientID, all) })
	}
	for what, d := range map[string]integration.MatchDecision{
		"an organization that there is not": {OrganizationID: nowhere}, "nonsense": {OrganizationID: "nonsense", CompanyID: "1"},
		"a company that was not proposed": {OrganizationID: nowhere, CompanyID: "1"},
	} {
		var fields integration.FieldErrors
		if err := decide(h.ClientID, d); !errors.As(err, &fields) || len(fields[d.OrganizationID]) == 0 {
			t.Errorf("a decision on %s: %v, want FieldErrors by organization id", what, err)
		}
	}
	if err := decide(h.OtherClientID, integration.MatchDecision{OrganizationID: nowhere}); !errors.Is(err, integration.ErrNotConnected) {
		t.Errorf("a decision of a tenant that is not connected: %v, want ErrNotConnected", err)
	}
	if err := decide(h.ClientID); err != nil {
		t.Errorf("no decisions: %v", err)
	}
}

func optionsAreChoices(t testing.TB, h PluginHarness) {
	p, ok := h.Plugin.(integration.OptionLister)
	if !ok {
		t.Log("no OptionLister")
		return
	}
	for _, clientID := range []string{h.ClientID, h.OtherClientID} {
		for _, f := range h.Plugin.Spec().Schema.Fields() {
			if f.Type != integration.TypeChoices || len(f.Options) > 0 {
				continue
			}
			all, err := p.Options(t.Context(), clientID, f.Key)
			if err != nil {
				t.Errorf("options of %s: %v", f.Key, err)
			}
			seen := map[string]bool{}
			for _, o := range all {
				switch {
				case o.Value == "" || o.Label == "" || strings.Contains(o.Value, ","):
					t.Errorf("%s: the option %q has no value, no label, or a comma, which joins choices", f.Key, o.Value)
				case seen[o.Value]:
					t.Errorf("%s: the option %q stands twice", f.Key, o.Value)
				}
				seen[o.Value] = true
			}
		}
	}
	if all, err := p.Options(t.Context(), h.ClientID, "noSuchField"); err != nil || len(all) != 0 {
		t.Errorf("options of a field that there is not: %d, %v; want none", len(all), err)
	}
}
