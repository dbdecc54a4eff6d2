package hubspottest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxUnique is the number of unique custom properties of one object type.
// https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide
const maxUnique = 10

func propertyRoutes() []route {
	return []route{
		{http.MethodGet, "properties", "{type}", schemaReads, listProperties},
		{http.MethodPost, "properties", "{type}", schemaWrites, createProperty},
		{http.MethodPost, "properties", "{type}/batch/create", schemaWrites, batchCreateProperties},
		{http.MethodPost, "properties", "{type}/batch/read", schemaReads, batchReadProperties},
		{http.MethodPost, "properties", "{type}/batch/archive", schemaWrites, batchArchiveProperties},
		{http.MethodGet, "properties", "{type}/{name}", schemaReads, getProperty},
		{http.MethodPatch, "properties", "{type}/{name}", schemaWrites, updateProperty},
		{http.MethodDelete, "properties", "{type}/{name}", schemaWrites, archiveProperty},
	}
}

// schemaReads also takes the scope for records.
func schemaReads(c *call) []string {
	if o := c.portal.objects(c.params["type"]); o != nil {
		return []string{o.t.schemaReadScope, o.t.readScope}
	}
	return nil
}

func schemaWrites(c *call) []string {
	if o := c.portal.objects(c.params["type"]); o != nil {
		return []string{o.t.schemaWriteScope}
	}
	return nil
}

// propertyInput is a definition as a client sends it. Pointers tell what was left out.
type propertyInput struct {
	Name            string    `json:"name"`
	Label           *string   `json:"label"`
	Type            *string   `json:"type"`
	FieldType       *string   `json:"fieldType"`
	GroupName       *string   `json:"groupName"`
	Description     *string   `json:"description"`
	Options         *[]option `json:"options"`
	DisplayOrder    *int      `json:"displayOrder"`
	HasUniqueValue  bool      `json:"hasUniqueValue"`
	Hidden          *bool     `json:"hidden"`
	FormField       *bool     `json:"formField"`
	ExternalOptions bool      `json:"externalOptions"`
}

type propertyBatch struct {
	Status      string      `json:"status"`
	Results     []*property `json:"results"`
	NumErrors   int         `json:"numErrors,omitempty"`
	Errors      []entry     `json:"errors,omitempty"`
	StartedAt   stamp       `json:"startedAt"`
	CompletedAt stamp       `json:"completedAt"`
}

func listProperties(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusOK, map[string]any{"results": o.schema.list(c.flag("archived"), c.now)}}
}

func noProperty(o *objects, name string) *failure {
	return &failure{
		status: http.StatusNotFound, category: "OBJECT_NOT_FOUND", subCategory: "Properties.PROPERTY_NOT_FOUND",
		message: "Property " + name + " does not exist for object type " + o.t.id,
		context: map[string][]string{"propertyName": {name}},
	}
}

func getProperty(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	p := o.schema.find(c.params["name"], c.now)
	if c.flag("archived") {
		p = o.schema.archived[c.params["name"]]
	}
	if p == nil {
		return noProperty(o, c.params["name"]).reply(c)
	}
	return reply{http.StatusOK, p}
}

func createProperty(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	var in propertyInput
	if f := c.decode(&in); f != nil {
		return f.reply(c)
	}
	p, f := c.portal.define(o, in, c.now)
	if f != nil {
		return f.reply(c)
	}
	return reply{http.StatusCreated, p}
}

// define creates a property. The name of an archived one brings that one back, with
// its old definition.
func (p *PortalState) define(o *objects, in propertyInput, now time.Time) (*property, *failure) {
	if f := checkDefinition(o, in); f != nil {
		return nil, f
	}
	full := o.schema.customCount() >= p.portal.MaxProperty
	if old := o.schema.archived[in.Name]; old != nil && !(full && p.sim.opts.RestoredPropertyCounts) {
		back := *old
		back.Archived, back.ArchivedAt, back.UpdatedAt = false, nil, stampOf(now)
		delete(o.schema.archived, in.Name)
		o.schema.live[in.Name] = &back
		if back.HasUniqueValue {
			o.reindex()
		}
		return &back, nil
	}
	if f := o.t.refusesKey(in); f != nil {
		return nil, f
	}
	if in.HasUniqueValue && o.schema.uniqueCount() >= maxUnique {
		return nil, badRequest("You have reached the limit of 10 unique properties for object type " + o.t.id)
	}
	if full {
		f := badRequest("You have reached the limit of custom properties for object type " + o.t.id)
		if p.sim.opts.PropertyLimitForbidden {
			f.status = http.StatusForbidden
		}
		return nil, f
	}
	def := &property{
		Name: in.Name, Label: *in.Label, Type: *in.Type, FieldType: *in.FieldType, GroupName: *in.GroupName,
		Options: []option{}, DisplayOrder: -1, HasUniqueValue: in.HasUniqueValue, ExternalOptions: in.ExternalOptions,
		CreatedAt: stampOf(now), UpdatedAt: stampOf(now), DataSensitivity: "non_sensitive",
		ModificationMetadata: modification{Archivable: true}, visibleAt: now.Add(p.sim.opts.PropertyLag),
	}
	if *in.Type == "bool" && in.Options == nil {
		def.Options = []option{{Label: "True", Value: "true"}, {Label: "False", Value: "false", DisplayOrder: 1}}
	}
	def.amend(in)
	o.schema.live[in.Name] = def
	return def, nil
}

// amend applies the parts that creation and update share.
func (p *property) amend(in propertyInput) {
	set(&p.Label, in.Label)
	set(&p.Type, in.Type)
	set(&p.FieldType, in.FieldType)
	set(&p.GroupName, in.GroupName)
	set(&p.Description, in.Description)
	set(&p.DisplayOrder, in.DisplayOrder)
	set(&p.Hidden, in.Hidden)
	set(&p.FormField, in.FormField)
	if in.Options != nil {
		p.Options = slices.Clone(*in.Options)
		if p.Options == nil {
			p.Options = []option{}
		}
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// checkDefinition finds what HubSpot would reject in a new property.
func checkDefinition(o *objects, in propertyInput) *failure {
	for _, need := range []struct {
		name string
		v    *string
	}{{"label", in.Label}, {"type", in.Type}, {"fieldType", in.FieldType}, {"groupName", in.GroupName}} {
		if need.v == nil || *need.v == "" {
			return badRequest("Property definition is missing the required field " + need.name)
		}
	}
	if !nameRule().MatchString(in.Name) {
		return badRequest("Property name " + in.Name + " must start with a letter and hold only lower case letters, digits and underscores")
	}
	if o.schema.live[in.Name] != nil {
		return &failure{
			status: http.StatusConflict, category: "OBJECT_ALREADY_EXISTS", subCategory: "Properties.PROPERTY_WITH_NAME_EXISTS",
			message: "A property named '" + in.Name + "' already exists.", context: map[string][]string{"propertyName": {in.Name}},
		}
	}
	return checkShape(o, in)
}

// widgets are the field types of each property type.
func widgets() map[string][]string {
	return map[string][]string{
		"bool":         {"booleancheckbox", "calculation_equation"},
		"enumeration":  {"booleancheckbox", "checkbox", "radio", "select", "calculation_equation"},
		"date":         {"date"},
		"datetime":     {"date"},
		"string":       {"file", "html", "phonenumber", "text", "textarea", "calculation_equation"},
		"phone_number": {"phonenumber"},
		"number":       {"number", "calculation_equation"},
	}
}

// checkShape holds for creation and update: type, field type, group and options.
func checkShape(o *objects, in propertyInput) *failure {
	if in.Type != nil && in.FieldType != nil && !slices.Contains(widgets()[*in.Type], *in.FieldType) {
		return badRequest("fieldType " + *in.FieldType + " is not valid for type " + *in.Type)
	}
	if in.GroupName != nil {
		if _, ok := o.schema.groups[*in.GroupName]; !ok {
			return badRequest("Property group " + *in.GroupName + " does not exist")
		}
	}
	if in.Options == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, op := range *in.Options {
		if op.Label == "" || op.Value == "" {
			return badRequest("Property options need a label and a value")
		}
		if seen[op.Value] || strings.Contains(op.Value, ";") {
			return badRequest("Property option values must be unique and without semicolons: " + op.Value)
		}
		seen[op.Value] = true
	}
	return nil
}

func updateProperty(c *call) reply {
	o, f := c.objectsOf()
	if f != nil {
		return f.reply(c)
	}
	old := o.schema.find(c.params["name"], c.now)
	if old == nil {
		return noProperty(o, c.params["name"]).reply(c)
	}
	var in propertyInput
	if f = c.decode(&in); f == nil {
		f = checkShape(o, in)
	}
	if f == nil && old.HubspotDefined && old.ModificationMetadata.ReadOnlyDefinition && (in.Type != nil || in.FieldType != nil) {
		f = badRequest("The definition of property " + old.Name + " is read only")
	}
	if f != nil {
		return f.reply(c)
	}
	p := *old
	p.amend(in)
	p.UpdatedAt = stampOf(c.now)
	o.schema.live[p.Name] = &p
	return reply{http.StatusOK, &p}
}

// shelve archives a property; records keep its values out of sight.
func (o *objects) shelve(name string, now time.Time) *failure {
	old := o.schema.live[name]
	if old == nil {
		return noProperty(o, name)
	}
	if old.HubspotDefined {
		f := badRequest("HubSpot defined property " + name + " cannot be deleted")
		f.subCategory = "PropertyValidationError.CANNOT_DELETE_HUBSPOT_DEFINED_PROPERTY"
		return f
	}
	if old.inUse {
		f := badRequest("Property " + name + " is in use and cannot be deleted")
		f.subCategory = "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"
		return f
	}
	p := *old
	p.Archived, p.ArchivedAt = true, stampOf(now)
	delete(o.schema.live, name)
	o.schema.archived[name] = &p
	if p.HasUniqueValue {
		o.reindex()
	}
	return nil
}

func archiveProperty(c *call) reply {
	o, f := c.objectsOf()
	if f == nil {
		f = o.shelve(c.params["name"], c.now)
	}
	if f != nil {
		return f.reply(c)
	}
	return reply{status: http.StatusNoContent}
}
