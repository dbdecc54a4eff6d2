package integrationtest_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
	"github.com/memberpulse/hubspotplugin/integration/integrationtest"
	"github.com/memberpulse/hubspotplugin/migrations/migrationstest"
)

// capable is a plugin that can do everything and sends nothing, correctly but
// for its defects. A tenant is connected once it has a map.
type capable struct {
	capableDefects
	db *sql.DB
}

type capableDefects struct {
	refusesOwnMap, takesAnyMap, checkWrites, neverStale bool
	anyTag, sharesMembers, noHands, ownTransaction      bool
	decidesAnything, suggestsStranger, neverAsks        bool
	commas, twice, optionsForAll                        bool
}

func (c *capable) Spec() integration.Spec {
	plans := integration.Field{Key: "plans", Label: "Plans", Type: integration.TypeChoices}
	return integration.Spec{ID: "capable", Schema: integration.Schema{Sections: []integration.Section{{Fields: []integration.Field{plans}}}}}
}
func (c *capable) Start(context.Context) error { return nil }
func (c *capable) Stop(context.Context) error  { return nil }

func (c *capable) Check(context.Context, string, integration.Settings) (integration.Report, error) {
	return integration.Report{OK: true}, nil
}
func (c *capable) Prepare(context.Context, string, integration.Settings) error { return nil }
func (c *capable) Connect(ctx context.Context, tx *sql.Tx, clientID string, _ integration.Settings) error {
	_, err := tx.ExecContext(ctx, "insert into map (client_id) values ($1)", clientID)
	return err
}
func (c *capable) Disconnect(context.Context, *sql.Tx, string) error      { return nil }
func (c *capable) SetPaused(context.Context, *sql.Tx, string, bool) error { return nil }
func (c *capable) Recheck(context.Context, *sql.Tx, string) error         { return nil }

// version is the version of a tenant's map; ErrNotConnected if it has none.
func (c *capable) version(ctx context.Context, clientID string) (v int64, err error) {
	err = c.db.QueryRowContext(ctx, "select version from map where client_id = $1", clientID).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, integration.ErrNotConnected
	}
	return v, err
}

func (c *capable) PropertyMapping(ctx context.Context, clientID string) (integration.PropertyMapping, error) {
	v, err := c.version(ctx, clientID)
	if errors.Is(err, integration.ErrNotConnected) {
		err = nil
	}
	return integration.PropertyMapping{
		Version: v, Notice: "There is no vendor.",
		Rules:  []integration.MappingRule{{Object: "contact", Field: "firstname", Property: "firstname", Policy: integration.PolicyOurs}},
		Fields: []integration.MappingField{{Object: "contact", Key: "firstname", Label: "First name", Type: "text"}},
	}, err
}

func (c *capable) CheckMapping(ctx context.Context, clientID string, rules []integration.MappingRule) error {
	if c.checkWrites {
		if _, err := c.db.ExecContext(ctx, "update map set version = version + 1 where client_id = $1", clientID); err != nil {
			return err
		}
	}
	errs := integration.FieldErrors{}
	for _, r := range rules {
		if r.Field != "firstname" && !c.takesAnyMap || c.refusesOwnMap {
			errs.Add(r.Object+"."+r.Field, "No.")
		}
	}
	return refusal(errs)
}

// refusal is errs, if there are any.
func refusal(errs integration.FieldErrors) error {
	if len(errs) > 0 {
		return errs
	}
	return nil
}

func (c *capable) SetMapping(ctx context.Context, tx *sql.Tx, clientID string, version int64, _ []integration.MappingRule) error {
	v, err := c.version(ctx, clientID)
	if err != nil {
		return err
	}
	if v != version && !c.neverStale {
		return integration.ErrStale
	}
	_, err = tx.ExecContext(ctx, "update map set version = version + 1 where client_id = $1", clientID)
	return err
}

func (c *capable) TagBoard(context.Context, string) (integration.TagBoard, error) {
	return integration.TagBoard{Tags: []integration.TagCount{{Tag: "gold", Label: "Gold", Family: "membership"}, {Tag: "blue", Label: "Blue", Family: "event"}}}, nil
}

func (c *capable) ConfirmTags(ctx context.Context, _ *sql.Tx, clientID string, _ bool) error {
	_, err := c.version(ctx, clientID)
	return err
}

func (c *capable) knows(clientID, memberID string) bool {
	return memberID == two && (clientID == one || c.sharesMembers)
}

func (c *capable) MemberTags(ctx context.Context, clientID, memberID string) ([]integration.MemberTag, error) {
	if !c.knows(clientID, memberID) {
		return nil, integration.ErrNotFound
	}
	var out []integration.MemberTag
	for _, tag := range []string{"gold", "blue"} {
		var set bool
		if err := c.db.QueryRowContext(ctx, "select exists (select from hand where client_id = $1 and tag = $2)", clientID, tag).Scan(&set); err != nil {
			return nil, err
		}
		if set {
			out = append(out, integration.MemberTag{Tag: tag})
		}
	}
	return out, nil
}

func (c *capable) SetTag(ctx context.Context, tx *sql.Tx, clientID string, change integration.TagChange) error {
	if !c.knows(clientID, change.MemberID) {
		return integration.ErrNotFound
	}
	if !c.anyTag && change.Tag != "gold" && change.Tag != "blue" {
		return &integration.Error{Kind: integration.Invalid}
	}
	const stmt = "insert into hand (client_id, tag) values ($1, $2)"
	var err error
	switch {
	case c.noHands:
	case c.ownTransaction:
		_, err = c.db.ExecContext(ctx, stmt, clientID, change.Tag)
	default:
		_, err = tx.ExecContext(ctx, stmt, clientID, change.Tag)
	}
	return err
}

func (c *capable) Matching(context.Context, string) (integration.Matching, error) {
	p := integration.MatchProposal{OrganizationID: two, Suggested: "7", Candidates: []integration.MatchCandidate{{ID: "7"}}}
	if c.suggestsStranger {
		p.Suggested = "8"
	}
	return integration.Matching{Proposals: []integration.MatchProposal{p}}, nil
}

func (c *capable) DecideMatches(ctx context.Context, _ *sql.Tx, clientID string, all []integration.MatchDecision) error {
	if _, err := c.version(ctx, clientID); err != nil && !c.neverAsks {
		return err
	}
	errs := integration.FieldErrors{}
	for _, d := range all {
		if d.OrganizationID != two && !c.decidesAnything {
			errs.Add(d.OrganizationID, "No.")
		}
	}
	return refusal(errs)
}

func (c *capable) Options(_ context.Context, _, key string) ([]integration.Option, error) {
	all := []integration.Option{{Value: "1", Label: "Standard"}, {Value: "2", Label: "Fellow"}}
	switch {
	case key != "plans" && !c.optionsForAll:
		return nil, nil
	case c.commas:
		all[0].Value = "1,5"
	case c.twice:
		all[0].Value = "2"
	}
	return all, nil
}

func (c *capable) harness(t *testing.T) integrationtest.PluginHarness {
	t.Helper()
	c.db = migrationstest.NewEmptyDB(t).DB
	for _, stmt := range []string{
		"create table map (client_id text primary key, version bigint not null default 1)", "create table hand (client_id text, tag text)",
	} {
		if _, err := c.db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	return integrationtest.PluginHarness{
		Plugin: c, DB: c.db, ClientID: one, OtherClientID: two, Change: integration.MemberChanged(one, two),
		Save: func(context.Context, *sql.Tx, string, integration.Settings) error { return nil },
	}
}

func TestCapabilityRulesCatch(t *testing.T) {
	t.Parallel()
	const mapping, tags = "a property map is read and checked without a change", "tags are those of the catalog and of the tenant's members"
	const matches, options = "matches are decided as proposed or not at all", "options can be stored as choices"
	for defect, tc := range map[string]struct {
		defects capableDefects
		rule    string // "" = none
	}{
		"none":                             {capableDefects{}, ""},
		"the map in use is refused":        {capableDefects{refusesOwnMap: true}, mapping},
		"any map is taken":                 {capableDefects{takesAnyMap: true}, mapping},
		"a check writes":                   {capableDefects{checkWrites: true}, mapping},
		"a stale map is taken":             {capableDefects{neverStale: true}, mapping},
		"any tag is taken":                 {capableDefects{anyTag: true}, tags},
		"members are everybody's":          {capableDefects{sharesMembers: true}, tags},
		"a hand is forgotten":              {capableDefects{noHands: true}, tags},
		"a hand outlives its transaction":  {capableDefects{ownTransaction: true}, tags},
		"anything is decided":              {capableDefects{decidesAnything: true}, matches},
		"a stranger is suggested":          {capableDefects{suggestsStranger: true}, matches},
		"decisions without a connection":   {capableDefects{neverAsks: true}, matches},
		"a comma in a value":               {capableDefects{commas: true}, options},
		"a value twice":                    {capableDefects{twice: true}, options},
		"options for whatever field it is": {capableDefects{optionsForAll: true}, options},
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			got := broken(t, integrationtest.CapabilityRules(), func() integrationtest.PluginHarness {
				return (&capable{capableDefects: tc.defects}).harness(t)
			})
			var want []string
			if tc.rule != "" {
				want = []string{tc.rule}
			}
			if !slices.Equal(got, want) {
				t.Errorf("rules broken: %q, want %q", got, want)
			}
		})
	}
}
