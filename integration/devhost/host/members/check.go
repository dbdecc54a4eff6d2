package members

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/memberpulse/hubspotplugin/integration"
)

// checkEmail is deliberately lax: whether a CRM takes an address is the CRM's to
// say, and the host would rather keep a strange one than lose a member.
func checkEmail(v string) string {
	local, domain, ok := strings.Cut(v, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(v, unicode.IsSpace) {
		return "This is not an email address. It has the form name@example.org."
	}
	return ""
}

func checkURL(v string) string {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "This is not a web address. It starts with https://."
	}
	return ""
}

func checkDay(v string) string {
	if _, err := integration.ParseDate(v); err != nil {
		return "This is not a date. It has the form 2026-12-31."
	}
	return ""
}

func checkList(v string) string {
	all := split(v)
	for i, one := range all {
		if slices.Contains(all[:i], one) {
			return "An entry appears twice."
		}
	}
	return ""
}

// MemberStatuses returns the statuses that a member can have.
func MemberStatuses() []string {
	return []string{
		string(integration.MemberActive), string(integration.MemberInactive),
		string(integration.MemberSuspended), string(integration.MemberPending),
	}
}

// MembershipStatuses returns the statuses that a membership can have.
func MembershipStatuses() []string {
	return []string{
		string(integration.MembershipActive), string(integration.MembershipExpiring), string(integration.MembershipExpired),
		string(integration.MembershipSuspended), string(integration.MembershipCancelled),
	}
}

func notOneOf(v string, options []string) string {
	if slices.Contains(options, v) {
		return ""
	}
	return "This is not one of " + strings.Join(options, ", ") + "."
}
