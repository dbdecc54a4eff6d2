package integrationtest

import "testing"

// Rule is one subtest of a suite, for the tests of the suites themselves.
type Rule[H any] struct {
	Name  string
	Check func(t testing.TB, h H)
}

func exported[H any](rules []rule[H]) []Rule[H] {
	out := make([]Rule[H], len(rules))
	for i, r := range rules {
		out[i] = Rule[H]{r.name, r.check}
	}
	return out
}

// SettingsRules returns the rules of TestSettingsStore.
func SettingsRules() []Rule[SettingsHarness] { return exported(settingsRules()) }

// AuditRules returns the rules of TestAuditLog.
func AuditRules() []Rule[AuditHarness] { return exported(auditRules()) }

// SealerRules returns the rules of TestSealer.
func SealerRules() []Rule[SealerHarness] { return exported(sealerRules()) }

// SourceRules returns the rules of TestSource.
func SourceRules() []Rule[SourceHarness] { return exported(sourceRules()) }

// CRMIDRules returns the rules of TestCRMIDs.
func CRMIDRules() []Rule[CRMIDHarness] { return exported(crmIDRules()) }

// LinkRules returns the rules of TestLinks.
func LinkRules() []Rule[LinkHarness] { return exported(linkRules()) }

// CalendarRules returns the rules of TestCalendar.
func CalendarRules() []Rule[CalendarHarness] { return exported(calendarRules()) }

// PlanRules returns the rules of TestPlans.
func PlanRules() []Rule[PlanHarness] { return exported(planRules()) }

// CapabilityRules returns the rules of TestPlugin on optional capabilities.
func CapabilityRules() []Rule[PluginHarness] { return exported(capabilityRules()) }
