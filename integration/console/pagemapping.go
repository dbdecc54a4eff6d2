package console

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/memberpulse/hubspotplugin/integration"
)

// mapPrefix marks the form fields of the map: "map.contact.firstName.property".
const mapPrefix = "map."

// mappingView is the page of the property map.
type mappingView struct {
	view
	Version   int64
	MapNotice string // why there are no suggestions
	Objects   []mapObject
	ReadOnly  bool
}

// mapObject is the map of one kind of records.
type mapObject struct {
	Key, Title string
	Rows       []mapRow
	Offered    []integration.MappingProperty // may be mapped
	Refused    []integration.MappingProperty // may not, each with its reason
}

// mapRow is one field and what it becomes.
type mapRow struct {
	integration.MappingField
	Name, ID        string // of the form fields, of the elements
	Property        string
	Policy, Adopted []choice
	Known           *integration.MappingProperty // the property, if the account has it
	Lost            bool                         // the account is known not to have it
	Errors          []string
	Described       string
}

var policyChoices = []choice{{"ours", "Ours, always", false}, {"if-empty", "Only if empty", false}, {"on-create", "Only on creation", false}}

var adoptedChoices = []choice{{"ours", "Ours, always", false}, {"if-empty", "Only if empty", false}, {"on-create", "Never", false}}

func (c *Console) showMapping(k *call) error {
	m, err := c.mapping(k)
	if err != nil {
		return err
	}
	return c.mappingPage(k, http.StatusOK, m, m.Rules, nil)
}

// mappingPage renders the map with these rules, stored or entered.
func (c *Console) mappingPage(k *call, status int, m integration.PropertyMapping, rules []integration.MappingRule, p *problem) error {
	v := mappingView{view: c.newView(k), Version: m.Version, MapNotice: m.Notice}
	v.Tab, v.ReadOnly = "mapping", !v.Configure
	links := map[string]fieldLink{}
	for _, f := range m.Fields {
		i := slices.IndexFunc(v.Objects, func(o mapObject) bool { return o.Key == f.Object })
		if i < 0 {
			i = len(v.Objects)
			v.Objects = append(v.Objects, newMapObject(f.Object, m.Properties))
		}
		row := newMapRow(f, ruleFor(rules, f), m.Properties)
		key := ruleKey(f.Object, f.Key)
		links[key] = fieldLink{v.Objects[i].Title + ", " + f.Label, row.ID}
		if p != nil {
			row.Errors = p.Errors[key]
		}
		v.Objects[i].Rows = append(v.Objects[i].Rows, row)
	}
	c.blame(k, &v.view, p, links)
	return c.render(k, status, "mapping", k.spec.Name+" property mapping", v)
}

func newMapObject(key string, properties []integration.MappingProperty) mapObject {
	o := mapObject{Key: key, Title: cmp.Or(map[string]string{"contact": "Contacts", "company": "Companies"}[key], key)}
	for _, p := range properties {
		switch {
		case p.Object != key:
		case p.Refused == "":
			o.Offered = append(o.Offered, p)
		default:
			o.Refused = append(o.Refused, p)
		}
	}
	byGroup := func(a, b integration.MappingProperty) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)))
	}
	slices.SortStableFunc(o.Offered, byGroup)
	slices.SortStableFunc(o.Refused, byGroup)
	return o
}

func newMapRow(f integration.MappingField, r integration.MappingRule, properties []integration.MappingProperty) mapRow {
	row := mapRow{MappingField: f, Name: mapPrefix + ruleKey(f.Object, f.Key), ID: "map-" + f.Object + "-" + f.Key, Property: r.Property,
		Policy:  pickFrom(policyChoices, string(orElse(r.Policy, integration.PolicyOurs))),
		Adopted: pickFrom(adoptedChoices, string(orElse(r.AdoptedPolicy, integration.PolicyIfEmpty)))}
	row.Described = "note-" + row.ID + " error-" + row.ID
	i := slices.IndexFunc(properties, func(p integration.MappingProperty) bool { return p.Object == f.Object && p.Name == r.Property })
	if i >= 0 {
		row.Known = &properties[i]
	}
	row.Lost = i < 0 && r.Property != "" && properties != nil
	return row
}

func ruleFor(rules []integration.MappingRule, f integration.MappingField) integration.MappingRule {
	for _, r := range rules {
		if r.Object == f.Object && r.Field == f.Key {
			return r
		}
	}
	return integration.MappingRule{Object: f.Object, Field: f.Key}
}

// rulesOfForm is the whole map after a form post. A fixed field, and one that
// the form leaves out, stays as it is.
func rulesOfForm(form url.Values, m integration.PropertyMapping) []integration.MappingRule {
	var out []integration.MappingRule
	for _, f := range m.Fields {
		r := ruleFor(m.Rules, f)
		at := mapPrefix + ruleKey(f.Object, f.Key)
		if !f.Fixed && form.Has(at+".property") {
			r.Property = strings.TrimSpace(form.Get(at + ".property"))
			r.Policy, r.AdoptedPolicy = integration.Policy(form.Get(at+".policy")), integration.Policy(form.Get(at+".adopted"))
		}
		r.Policy, r.AdoptedPolicy = orElse(r.Policy, integration.PolicyOurs), orElse(r.AdoptedPolicy, integration.PolicyIfEmpty)
		out = append(out, r)
	}
	return out
}

func (c *Console) postMapping(k *call) error {
	form, err := c.readForm(k)
	if err != nil {
		return err
	}
	m, err := c.mapping(k)
	if err != nil {
		return err
	}
	rules := rulesOfForm(form, m)
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		err = stale()
	} else {
		err = c.setMapping(k, m, version, rules)
	}
	if err == nil {
		return c.redirect(k, c.self(k)+"/property-mapping"+flash("mapping", -1))
	}
	if errors.Is(err, integration.ErrStale) {
		// Somebody was faster between the two looks: show what is there now.
		if now, again := c.mapping(k); again == nil {
			m = now
		}
	}
	return c.refused(k, err, func(k *call, status int, p *problem) error { return c.mappingPage(k, status, m, rules, p) })
}
