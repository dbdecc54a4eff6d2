package crmsync

import "github.com/memberpulse/hubspotplugin/integration"

// excluded returns the code of the reason why a member that has no contact yet
// gets none, "" if it is included. Whether an address is valid is HubSpot's to
// say: a guess here could leave somebody behind for good.
func excluded(m integration.Member) code {
	switch {
	case m.Status == integration.MemberPending:
		return codePending
	case normalEmail(m.Email) == "":
		return codeNoEmail
	default:
		return ""
	}
}
