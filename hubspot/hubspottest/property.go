package hubspottest

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// property is a property definition as HubSpot writes it.
// https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
type property struct {
	UpdatedAt            *stamp       `json:"updatedAt,omitempty"`
	CreatedAt            *stamp       `json:"createdAt,omitempty"`
	ArchivedAt           *stamp       `json:"archivedAt,omitempty"`
	Name                 string       `json:"name"`
	Label                string       `json:"label"`
	Type                 string       `json:"type"`
	FieldType            string       `json:"fieldType"`
	Description          string       `json:"description"`
	GroupName            string       `json:"groupName"`
	Options              []option     `json:"options"`
	DisplayOrder         int          `json:"displayOrder"`
	Calculated           bool         `json:"calculated"`
	ExternalOptions      bool         `json:"externalOptions"`
	Archived             bool         `json:"archived"`
	HasUniqueValue       bool         `json:"hasUniqueValue"`
	Hidden               bool         `json:"hidden"`
	HubspotDefined       bool         `json:"hubspotDefined,omitempty"`
	ModificationMetadata modification `json:"modificationMetadata"`
	FormField            bool         `json:"formField"`
	DataSensitivity      string       `json:"dataSensitivity,omitempty"`

	visibleAt time.Time
	inUse     bool // by a workflow, a list or the like
	rule      *compiledRule
}

type option struct {
	Label        string `json:"label"`
	Value        string `json:"value"`
	Description  string `json:"description,omitempty"`
	DisplayOrder int    `json:"displayOrder"`
	Hidden       bool   `json:"hidden"`
}

type modification struct {
	Archivable         bool `json:"archivable"`
	ReadOnlyDefinition bool `json:"readOnlyDefinition"`
	ReadOnlyValue      bool `json:"readOnlyValue"`
}

type group struct {
	Name         string `json:"name"`
	Label        string `json:"label"`
	DisplayOrder int    `json:"displayOrder"`
	Archived     bool   `json:"archived"`
}

// multi reports whether a value is a list of options separated by semicolons.
func (p *property) multi() bool { return p.Type == "enumeration" && p.FieldType == "checkbox" }

func (p *property) readOnly() bool { return p.ModificationMetadata.ReadOnlyValue || p.Calculated }

func (p *property) hasOption(v string) bool {
	return slices.ContainsFunc(p.Options, func(o option) bool { return o.Value == v })
}

// schema holds the definitions of one object type in one portal. Definitions are
// replaced, never changed in place, so that a reply may hold them without the lock.
type schema struct {
	live     map[string]*property
	archived map[string]*property
	groups   map[string]group
	required []requirement
}

func newSchema(t *objectType, created time.Time) *schema {
	s := &schema{live: map[string]*property{}, archived: map[string]*property{}, groups: map[string]group{}}
	at := stamp(created)
	for _, p := range t.defaults() {
		p.CreatedAt, p.UpdatedAt = &at, &at
		s.live[p.Name] = &p
	}
	for _, g := range t.groups {
		s.groups[g.Name] = g
	}
	return s
}

// find answers a live property that is already visible at now.
func (s *schema) find(name string, now time.Time) *property {
	p := s.live[name]
	if p == nil || now.Before(p.visibleAt) {
		return nil
	}
	return p
}

// list answers the definitions, archived or live, by name.
func (s *schema) list(archived bool, now time.Time) []*property {
	from := s.live
	if archived {
		from = s.archived
	}
	out := []*property{}
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if p := from[name]; archived || !now.Before(p.visibleAt) {
			out = append(out, p)
		}
	}
	return out
}

func (s *schema) customCount() int {
	n := 0
	for _, p := range s.live {
		if !p.HubspotDefined {
			n++
		}
	}
	return n
}

func (s *schema) uniqueCount() int {
	n := 0
	for _, p := range s.live {
		if p.HasUniqueValue && !p.HubspotDefined {
			n++
		}
	}
	return n
}

func nameRule() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`) }

// stamp is a time as HubSpot prints it: UTC, milliseconds, and none when they are 0.
type stamp time.Time

func (t stamp) String() string {
	u := time.Time(t).UTC().Truncate(time.Millisecond)
	if u.Nanosecond() == 0 {
		return u.Format("2006-01-02T15:04:05Z")
	}
	return u.Format("2006-01-02T15:04:05.000Z")
}

func (t stamp) MarshalJSON() ([]byte, error) { return strconv.AppendQuote(nil, t.String()), nil }

func stampOf(t time.Time) *stamp { s := stamp(t); return &s }

func foldEmail(v string) string { return strings.ToLower(strings.TrimSpace(v)) }
