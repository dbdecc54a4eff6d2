package console_test

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/memberpulse/hubspotplugin/integration"
)

// cabinet is what the vendor keeps of maps, matches and tags, by tenant.
type cabinet struct {
	maps     map[string]integration.PropertyMapping
	mapErr   error // of PropertyMapping
	checkMap error // of CheckMapping
	setMap   error // of SetMapping
	checked  int

	matches   map[string]integration.Matching
	matchErr  error // of Matching
	decideErr error
	decided   []integration.MatchDecision

	boards           map[string]integration.TagBoard
	member           map[string][]integration.MemberTag // by member of tenant A
	boardErr, tagErr error                              // of looking, and of every write
	asked            []bool                             // history, of confirmations
	hands            []integration.TagChange
}

func newCabinet() cabinet {
	return cabinet{maps: map[string]integration.PropertyMapping{tenantA: acmeMap("firstname"), tenantB: acmeMap("firstname_of_b")},
		matches: map[string]integration.Matching{tenantA: acmeMatches(), tenantB: {}},
		boards:  map[string]integration.TagBoard{tenantA: acmeBoard(), tenantB: {}},
		member:  map[string][]integration.MemberTag{oursID: acmeMember()},
	}
}

// acmeMap is a map that has every kind of line.
func acmeMap(first string) integration.PropertyMapping {
	return integration.PropertyMapping{
		Version: 4,
		Rules: []integration.MappingRule{
			{Object: "contact", Field: "email", Property: "email", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyOurs},
			{Object: "contact", Field: "firstName", Property: first, Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty},
			{Object: "contact", Field: "title", Property: "gone_property", Policy: integration.PolicyOnCreate, AdoptedPolicy: integration.PolicyOnCreate},
			{Object: "company", Field: "name", Property: "name", Policy: integration.PolicyOurs, AdoptedPolicy: integration.PolicyIfEmpty},
		},
		Fields: []integration.MappingField{
			{Object: "contact", Key: "email", Label: "Email", Type: "text", Fixed: true},
			{Object: "contact", Key: "firstName", Label: "First <name>", Type: "text"},
			{Object: "contact", Key: "title", Label: "Title", Type: "text"},
			{Object: "contact", Key: "birthday", Label: "Birthday", Type: "date", Sensitive: true},
			{Object: "company", Key: "name", Label: "Name", Type: "text"},
		},
		Properties: []integration.MappingProperty{
			{Object: "contact", Name: "email", Label: "Email", Group: "Contact information", Type: "string"},
			{Object: "contact", Name: first, Label: "First name", Group: "Contact information", Type: "string"},
			{Object: "contact", Name: "date_of_birth", Label: "Date of birth", Group: "Demographics", Type: "date"},
			{Object: "contact", Name: "createdate", Label: "Create date", Group: "Contact information", Type: "datetime", Refused: "It is read only."},
			{Object: "company", Name: "name", Label: "Company name", Type: "string"},
		},
	}
}

func (v *vendor) PropertyMapping(_ context.Context, clientID string) (integration.PropertyMapping, error) {
	if v.l.isOpen() {
		panic("vendor called inside a transaction")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.maps[clientID], v.mapErr
}

func (v *vendor) CheckMapping(context.Context, string, []integration.MappingRule) error {
	if v.l.isOpen() {
		panic("vendor called inside a transaction")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.checked++
	return v.checkMap
}

func (v *vendor) SetMapping(_ context.Context, _ *sql.Tx, clientID string, version int64, rules []integration.MappingRule) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	m := v.maps[clientID]
	if v.setMap != nil {
		return v.setMap
	}
	if m.Version != version {
		return integration.ErrStale
	}
	m.Version++
	m.Rules = slices.Clone(rules)
	v.l.stage(func() {
		v.change(func() {
			v.maps = maps.Clone(v.maps)
			v.maps[clientID] = m
		})
	})
	return nil
}

func (v *vendor) mapOf(clientID string) integration.PropertyMapping {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.maps[clientID]
}

// rule is the line of a field, the zero rule if there is none.
func rule(m integration.PropertyMapping, object, field string) integration.MappingRule {
	for _, r := range m.Rules {
		if r.Object == object && r.Field == field {
			return r
		}
	}
	return integration.MappingRule{}
}
