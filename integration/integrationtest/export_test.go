package integrationtest

import "testing"

// Rule is one subtest of a suite, for the tests of the suites themselves.
type Rule[H any] struct {
	Name  string
	Check func(t testing.TB, h H)
}

// SettingsRules returns the rules of TestSettingsStore.
func SettingsRules() (rules []Rule[SettingsHarness]) {
	for _, r := range settingsRules() {
		rules = append(rules, Rule[SettingsHarness]{r.name, r.check})
	}
	return rules
}

// AuditRules returns the rules of TestAuditLog.
func AuditRules() (rules []Rule[AuditHarness]) {
	for _, r := range auditRules() {
		rules = append(rules, Rule[AuditHarness]{r.name, r.check})
	}
	return rules
}

// SealerRules returns the rules of TestSealer.
func SealerRules() (rules []Rule[SealerHarness]) {
	for _, r := range sealerRules() {
		rules = append(rules, Rule[SealerHarness]{r.name, r.check})
	}
	return rules
}
