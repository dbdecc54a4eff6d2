package hubspottest

import (
	"strings"
)

// objectType is one row of the table of CRM object types: everything in which
// contacts differ from other records. A new type is a new row.
type objectType struct {
	id       string // object type id in paths and limits, such as 0-1
	singular string
	plural   string // the name in paths and in the state report
	code     string // the name in messages, such as CONTACT

	readScope, writeScope             string
	schemaReadScope, schemaWriteScope string

	modified string   // the property that carries the time of the last write
	shown    []string // answered when a read names no properties
	always   []string // answered whatever a read names
	needOne  []string // a create must set at least one of these
	query    []string // searched by the query field
	emails   bool     // email is an identity, with secondary emails
	erasable bool     // has gdpr-delete
	merges   bool     // has merge
	dated    bool     // an update answers the properties of always, too
	lenient  bool     // ignores properties that do not exist or are read-only
	keys     NoteKeys // whether a custom property may be unique
	defaults func() []property
	groups   []group
	// computed are the values that HubSpot itself fills in at creation.
	computed func(id string) map[string]string
	// derive answers the values that HubSpot takes from others at creation.
	derive func(props map[string]string) map[string]string
}

// objectTypes lists the types that a portal has from the start.
func objectTypes(opts Options) []*objectType {
	return []*objectType{{
		id: contactType, singular: "contact", plural: "contacts", code: "CONTACT",
		readScope: "crm.objects.contacts.read", writeScope: "crm.objects.contacts.write",
		schemaReadScope: "crm.schemas.contacts.read", schemaWriteScope: "crm.schemas.contacts.write",
		modified: "lastmodifieddate",
		shown:    []string{"createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"},
		always:   []string{"createdate", "hs_object_id", "lastmodifieddate"},
		needOne:  []string{"email", "firstname", "lastname"},
		query:    []string{"firstname", "lastname", "email", "phone", "mobilephone", "company", "hs_additional_emails"},
		emails:   true, erasable: true, merges: true,
		defaults: contactProperties,
		groups: []group{
			{Name: "contactinformation", Label: "Contact information"},
			{Name: "contactlcs", Label: "Contact lifecycle stage", DisplayOrder: 1},
		},
		computed: func(id string) map[string]string {
			return map[string]string{
				"hs_all_contact_vids": id, "hs_is_contact": "true", "hs_is_unworked": "true",
				"hs_pipeline": "contacts-lifecycle-pipeline",
			}
		},
	}, {
		id: companyType, singular: "company", plural: "companies", code: "COMPANY",
		readScope: "crm.objects.companies.read", writeScope: "crm.objects.companies.write",
		schemaReadScope: "crm.schemas.companies.read", schemaWriteScope: "crm.schemas.companies.write",
		modified: "hs_lastmodifieddate",
		shown:    []string{"createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"},
		always:   []string{"createdate", "hs_lastmodifieddate", "hs_object_id"},
		needOne:  []string{"name", "domain"},
		query:    []string{"name", "domain", "website", "phone"},
		merges:   true, dated: true,
		defaults: companyProperties,
		groups:   []group{{Name: "companyinformation", Label: "Company information"}},
		derive:   companyWebsite,
	}, noteObject(opts)}
}

// is reports whether a path segment names the type: HubSpot takes the plural, the
// singular in any case, and the object type id.
func (t *objectType) is(name string) bool {
	return name == t.id || strings.EqualFold(name, t.plural) || strings.EqualFold(name, t.singular)
}
