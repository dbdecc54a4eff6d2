package hubspottest

import (
	"slices"
	"strings"
)

// companyWebsite is the website of a new company that has a domain alone.
func companyWebsite(props map[string]string) map[string]string {
	if props["domain"] == "" || props["website"] != "" {
		return nil
	}
	return map[string]string{"website": props["domain"]}
}

// freeMail are domains that the setting leaves alone; HubSpot's list is longer.
func freeMail() []string {
	return []string{"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"}
}

// autoCompany associates a new contact with the company of its email domain, and makes
// that company if there is none, where the portal's setting says so. On a live portal
// this happens a moment later, and races with integrations.
// https://knowledge.hubspot.com/object-settings/automatically-create-and-associate-companies-with-contacts
func (p *PortalState) autoCompany(o *objects, contact *record) {
	_, domain, _ := strings.Cut(contact.props["email"], "@")
	if !p.portal.AutoCompany || o.t.id != contactType || domain == "" || slices.Contains(freeMail(), domain) {
		return
	}
	companies := p.objects(companyType)
	var found *record
	for r := range companies.each(false) {
		if strings.EqualFold(r.props["domain"], domain) {
			found = r
			break
		}
	}
	if found == nil {
		d, f := p.prepare(companies, nil, map[string]string{"domain": domain, "name": domain}, byHand, contact.writtenAt)
		if f != nil {
			return // a rule of the portal is in the way
		}
		p.commit(companies, d)
		found = d.rec
	}
	p.associate(end{contactType, contact.id}, end{companyType, found.id})
}
