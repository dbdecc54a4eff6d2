// Package likeness finds, among a portal's companies, those that an organization
// of the host may be, by name and domain. It proposes; a person decides. It is
// pure: no clock, no I/O.
package likeness

import (
	"slices"
	"strings"
	"unicode"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// Organization is what an organization is looked for by. Two names are alike if
// they differ in case, punctuation and legal form alone: whatever is proposed
// beyond that costs an admin a decision, and whatever is not proposed costs a
// second company.
type Organization struct {
	Key, Name, Domain string
}

// What agrees, best first.
const (
	byBoth   = "name and domain"
	byDomain = "domain"
	byName   = "name"
)

// legalForms say nothing about who a company is.
func legalForms() []string {
	return []string{
		"inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited", "plc", "pty", "pvt",
		"gmbh", "mbh", "ag", "kg", "ohg", "ug", "ev", "eg", "sa", "sarl", "sas", "srl", "spa", "bv", "nv", "ab", "as", "oy", "aps", "kk",
	}
}

// core are the words of a name without case, punctuation, a leading article and
// legal forms at its end, at least one word if it has any.
func core(name string) []string {
	name = strings.NewReplacer("&", " and ", "+", " and ", ".", "", "'", "", "\u2019", "").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 && (slices.Contains(legalForms(), words[len(words)-1]) || words[len(words)-1] == "and") {
		words = words[:len(words)-1]
	}
	return words
}

// bareDomain is a domain as it is compared: lower case, without "www.".
func bareDomain(domain string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(domain)), "www.")
}

// Agrees says what of a company is the organization's, "" = nothing.
func (o Organization) Agrees(name, domain string) string {
	mine := core(o.Name)
	sameName := len(mine) > 0 && slices.Equal(mine, core(name))
	sameDomain := bareDomain(o.Domain) != "" && bareDomain(o.Domain) == bareDomain(domain)
	switch {
	case sameName && sameDomain:
		return byBoth
	case sameDomain:
		return byDomain
	case sameName:
		return byName
	}
	return ""
}

// The bounds of a search: of the words of one name, and of a value.
const (
	searchWords = 3
	searchValue = 100
	// HubSpot's are 5 groups and 18 filters; a request may have 3,000 characters.
	searchGroups  = 5
	searchFilters = 12
)

// Groups are the filter groups that find the companies like this one, and more.
func (o Organization) Groups() [][]hubspot.Filter {
	var out [][]hubspot.Filter
	if d := bareDomain(o.Domain); d != "" && len(d) <= searchValue {
		out = append(out, []hubspot.Filter{{Property: "domain", Operator: "IN", Values: []string{d, "www." + d}}})
	}
	if words := o.words(); len(words) > 0 {
		var filters []hubspot.Filter
		for _, w := range words {
			filters = append(filters, hubspot.Filter{Property: "name", Operator: "CONTAINS_TOKEN", Value: w})
		}
		return append(out, filters)
	}
	if name := strings.TrimSpace(o.Name); name != "" && len(name) <= searchValue {
		out = append(out, []hubspot.Filter{{Property: "name", Operator: "EQ", Value: name}})
	}
	return out
}

// words are the longest plain words of the name: those that HubSpot's index
// cannot have cut in another way than we do.
func (o Organization) words() []string {
	own := core(o.Name)
	var out []string
	for w := range strings.FieldsSeq(strings.ToLower(o.Name)) {
		w = strings.Trim(w, ",;.")
		plain := !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if w != "" && plain && w != "and" && len(w) <= searchValue && slices.Contains(own, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out[:min(len(out), searchWords)]
}

// Search is one request for several organizations.
type Search struct {
	Of     []Organization
	Groups [][]hubspot.Filter
}

// Searches packs organizations into as few requests as HubSpot's bounds allow.
func Searches(all []Organization) []Search {
	var out []Search
	filters := 0
	for _, l := range all {
		groups, n := l.Groups(), 0
		for _, g := range groups {
			n += len(g)
		}
		if last := len(out) - 1; last >= 0 && len(out[last].Groups)+len(groups) <= searchGroups && filters+n <= searchFilters {
			out[last].Of, out[last].Groups = append(out[last].Of, l), append(out[last].Groups, groups...)
			filters += n
			continue
		}
		out, filters = append(out, Search{[]Organization{l}, groups}), n
	}
	return out
}

// maxCandidates is how many companies are proposed for one organization.
const maxCandidates = 10

// Candidates are the companies that may be the organization, best first, and
// the one to preselect, if one is better than all others. Those that have a
// value of the property key belong to somebody.
func (o Organization) Candidates(found []hubspot.Record, key string) (out []integration.MatchCandidate, suggested string) {
	order := []string{byBoth, byDomain, byName}
	for _, rec := range found {
		c := integration.MatchCandidate{ID: rec.ID, Name: rec.Properties["name"], Domain: rec.Properties["domain"]}
		if c.By = o.Agrees(c.Name, c.Domain); c.By != "" && strings.TrimSpace(rec.Properties[key]) == "" {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b integration.MatchCandidate) int {
		return slices.Index(order, a.By) - slices.Index(order, b.By)
	})
	out = out[:min(len(out), maxCandidates)]
	if len(out) == 1 || len(out) > 1 && out[0].By != out[1].By {
		suggested = out[0].ID
	}
	return out, suggested
}
