package hubspottest

import (
	"strconv"
	"strings"
)

// field is the short form in which the default properties are written down.
type field struct {
	name, label, kind, widget string // kind is the property type, widget the field type
	readOnly, calculated      bool
	hidden                    bool
	options                   string // value:label pairs separated by semicolons
	external                  bool   // the allowed values live outside the definition
}

const lifecycleOptions = "subscriber:Subscriber;lead:Lead;marketingqualifiedlead:Marketing Qualified Lead;" +
	"salesqualifiedlead:Sales Qualified Lead;opportunity:Opportunity;customer:Customer;evangelist:Evangelist;other:Other"

// contactProperties are the properties of a new portal's contacts that a sync meets.
// A live portal has a few hundred more.
// https://knowledge.hubspot.com/properties/hubspots-default-contact-properties
func contactProperties() []property {
	return expand("contactinformation", []field{
		{name: "email", label: "Email"},
		{name: "firstname", label: "First Name"},
		{name: "lastname", label: "Last Name"},
		{name: "salutation", label: "Salutation"},
		{name: "phone", label: "Phone Number", widget: "phonenumber"},
		{name: "mobilephone", label: "Mobile Phone Number", widget: "phonenumber"},
		{name: "fax", label: "Fax Number"},
		{name: "company", label: "Company Name"},
		{name: "jobtitle", label: "Job Title"},
		{name: "industry", label: "Industry"},
		{name: "address", label: "Street Address"},
		{name: "city", label: "City"},
		{name: "state", label: "State/Region"},
		{name: "zip", label: "Postal Code"},
		{name: "country", label: "Country/Region"},
		{name: "website", label: "Website URL"},
		{name: "hs_linkedin_url", label: "LinkedIn URL"},
		{name: "message", label: "Message", widget: "textarea"},
		{name: "date_of_birth", label: "Date of birth"},
		{name: "gender", label: "Gender"},
		{name: "hs_language", label: "Preferred language", kind: "enumeration", widget: "select",
			options: "de:German;en:English;en-gb:English - United Kingdom;es:Spanish;fr:French;it:Italian;nl:Dutch"},
		{name: "lifecyclestage", label: "Lifecycle Stage", kind: "enumeration", widget: "radio", options: lifecycleOptions},
		{name: "hs_lead_status", label: "Lead Status", kind: "enumeration", widget: "radio", options: "NEW:New;OPEN:Open;IN_PROGRESS:In Progress;" +
			"OPEN_DEAL:Open Deal;UNQUALIFIED:Unqualified;ATTEMPTED_TO_CONTACT:Attempted to Contact;CONNECTED:Connected;BAD_TIMING:Bad Timing"},
		{name: "hubspot_owner_id", label: "Contact owner", kind: "enumeration", widget: "select", external: true},
		{name: "num_notes", label: "Number of Sales Activities", kind: "number", widget: "number", readOnly: true, calculated: true},
		{name: "hs_additional_emails", label: "Additional email addresses", kind: "enumeration", widget: "select", readOnly: true, calculated: true, hidden: true},
		{name: "hs_all_contact_vids", label: "All vids for a contact", kind: "enumeration", widget: "select", readOnly: true, calculated: true, hidden: true},
		{name: "hs_email_domain", label: "Email Domain", readOnly: true, calculated: true},
		{name: "hs_email_optout", label: "Unsubscribed from all email", kind: "bool", widget: "booleancheckbox", readOnly: true},
		{name: "hs_is_contact", label: "Is a contact", kind: "bool", widget: "booleancheckbox", readOnly: true, calculated: true, hidden: true},
		{name: "hs_is_unworked", label: "Contact unworked", kind: "bool", widget: "booleancheckbox", readOnly: true, calculated: true},
		{name: "hs_marketable_status", label: "Marketing contact status", kind: "enumeration", widget: "select", readOnly: true,
			options: "true:Marketing contact;false:Non-marketing contact"},
		{name: "hs_merged_object_ids", label: "Merged record IDs", kind: "enumeration", widget: "checkbox", readOnly: true, calculated: true},
		{name: "hs_object_id", label: "Record ID", kind: "number", widget: "number", readOnly: true, calculated: true},
		{name: "hs_object_source", label: "Record creation source", readOnly: true},
		{name: "hs_pipeline", label: "Pipeline", readOnly: true},
		{name: "hs_unique_creation_key", label: "Unique creation key", readOnly: true, hidden: true},
		{name: "createdate", label: "Create Date", kind: "datetime", widget: "date", readOnly: true},
		{name: "lastmodifieddate", label: "Last Modified Date", kind: "datetime", widget: "date", readOnly: true},
	})
}

// companyProperties are the counterpart for companies.
// https://knowledge.hubspot.com/properties/hubspot-crm-default-company-properties
func companyProperties() []property {
	return expand("companyinformation", []field{
		{name: "name", label: "Company name"},
		{name: "domain", label: "Company Domain Name"},
		{name: "website", label: "Website URL"},
		{name: "phone", label: "Phone Number", widget: "phonenumber"},
		{name: "address", label: "Street Address"},
		{name: "city", label: "City"},
		{name: "state", label: "State/Region"},
		{name: "zip", label: "Postal Code"},
		{name: "country", label: "Country/Region"},
		{name: "address2", label: "Street Address 2"},
		{name: "description", label: "Description", widget: "textarea"},
		{name: "numberofemployees", label: "Number of Employees", kind: "number", widget: "number"},
		{name: "annualrevenue", label: "Annual Revenue", kind: "number", widget: "number"},
		{name: "founded_year", label: "Year Founded"},
		{name: "linkedin_company_page", label: "LinkedIn Company Page"},
		{name: "industry", label: "Industry", kind: "enumeration", widget: "select",
			options: "ACCOUNTING:Accounting;COMPUTER_SOFTWARE:Computer Software;EDUCATION_MANAGEMENT:Education Management;" +
				"NON_PROFIT_ORGANIZATION_MANAGEMENT:Non-Profit Organization Management"},
		{name: "type", label: "Type", kind: "enumeration", widget: "radio",
			options: "PROSPECT:Prospect;PARTNER:Partner;RESELLER:Reseller;VENDOR:Vendor;OTHER:Other"},
		{name: "lifecyclestage", label: "Lifecycle Stage", kind: "enumeration", widget: "radio", options: lifecycleOptions},
		{name: "hubspot_owner_id", label: "Company owner", kind: "enumeration", widget: "select", external: true},
		{name: "hs_merged_object_ids", label: "Merged record IDs", kind: "enumeration", widget: "checkbox", readOnly: true, calculated: true},
		{name: "hs_object_id", label: "Record ID", kind: "number", widget: "number", readOnly: true, calculated: true},
		{name: "createdate", label: "Create Date", kind: "datetime", widget: "date", readOnly: true},
		{name: "hs_lastmodifieddate", label: "Last Modified Date", kind: "datetime", widget: "date", readOnly: true},
	})
}

func expand(groupName string, fields []field) []property {
	out := make([]property, 0, len(fields))
	for i, f := range fields {
		p := property{
			Name: f.name, Label: f.label, Type: f.kind, FieldType: f.widget, GroupName: groupName,
			Description: "The " + strings.ToLower(f.label) + " of the record", DisplayOrder: i, Options: []option{},
			Calculated: f.calculated, Hidden: f.hidden, ExternalOptions: f.external, HubspotDefined: true, FormField: !f.readOnly, DataSensitivity: "non_sensitive",
			ModificationMetadata: modification{Archivable: true, ReadOnlyDefinition: true, ReadOnlyValue: f.readOnly},
		}
		if p.Type == "" {
			p.Type = "string"
		}
		if p.FieldType == "" {
			p.FieldType = "text"
		}
		if f.options != "" {
			for n, pair := range strings.Split(f.options, ";") {
				value, label, _ := strings.Cut(pair, ":")
				p.Options = append(p.Options, option{Label: label, Value: value, DisplayOrder: n})
			}
		}
		out = append(out, p)
	}
	return out
}

func formatID(n int64) string { return strconv.FormatInt(n, 10) }
