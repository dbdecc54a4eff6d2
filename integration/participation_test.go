package integration_test

import (
	"testing"

	"github.com/memberpulse/hubspotplugin/integration"
)

func TestMemberRefusesUnknownParticipation(t *testing.T) {
	t.Parallel()
	registration := integration.Registration{Status: integration.RegistrationConfirmed}
	enrollment := integration.Enrollment{Status: integration.EnrollmentActive}
	for _, c := range []struct {
		name string
		m    integration.Member
		ok   bool
	}{
		{"known", integration.Member{Registrations: []integration.Registration{registration}, Enrollments: []integration.Enrollment{enrollment}}, true},
		{"registration status", integration.Member{Registrations: []integration.Registration{{Status: "seated"}}}, false},
		{"attendance", integration.Member{Registrations: []integration.Registration{{Status: registration.Status, Attendance: "late"}}}, false},
		{"enrollment status", integration.Member{Enrollments: []integration.Enrollment{{Status: "paused"}}}, false},
	} {
		c.m.Status = integration.MemberActive
		if err := c.m.Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
