package hubspot

import "strings"

// What HubSpot sends in error bodies is other people's text: it quotes property
// values, email addresses, and whatever a proxy on the way adds. Only strings
// that pass one of these grammars enter an Error; none of them admits an email
// address, a token or a sentence.

const maxWord = 120

// codeWord accepts INVALID_EMAIL and its like.
func codeWord(s string) string {
	if len(s) == 0 || len(s) > maxWord || s[0] < 'A' || s[0] > 'Z' {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			return ""
		}
	}
	return s
}

// subCategoryWord accepts dotted paths that end in a code, such as
// Properties.PROPERTY_WITH_NAME_EXISTS.
func subCategoryWord(s string) string {
	if len(s) > maxWord {
		return ""
	}
	head, last := "", s
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		head, last = s[:i], s[i+1:]
	}
	if codeWord(last) == "" {
		return ""
	}
	for i := range len(head) {
		if c := head[i]; !(isAlnum(c) || c == '_' || c == '.') {
			return ""
		}
	}
	return s
}

// propertyWord accepts internal property names: lower case, digits, underscore.
func propertyWord(s string) string {
	if len(s) == 0 || len(s) > maxWord || s[0] < 'a' || s[0] > 'z' {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_') {
			return ""
		}
	}
	return s
}

// scopeWord accepts crm.objects.contacts.read, tickets and their like. Tokens
// of private apps begin with "pat-" and are not scopes.
func scopeWord(s string) string {
	if len(s) == 0 || len(s) > maxWord || s[0] < 'a' || s[0] > 'z' || strings.HasPrefix(s, "pat-") {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-') {
			return ""
		}
	}
	return s
}

// recordID accepts the digits of a record id.
func recordID(s string) string {
	if len(s) == 0 || len(s) > 20 {
		return ""
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return ""
		}
	}
	return s
}

// correlationID accepts a UUID or anything of its alphabet.
func correlationID(s string) string {
	if len(s) < 8 || len(s) > 64 {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '-') {
			return ""
		}
	}
	return s
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// fold makes ids comparable: HubSpot trims keys and lower-cases emails.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
