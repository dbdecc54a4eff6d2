// Package carry is what all carriers have in common: one batch of the outbox on its
// outing to one portal, through calls that are guarded by the claim, and what came
// of it.
//
//	portals.go      one live client for each tenant's portal, and what is known of it
//	outing.go       one batch: a call, and what ends all calls
//	verify.go       the key belongs to the portal, before anything is written
//	bisect.go       one call, halved when HubSpot refuses it for one record
//	fate.go         how one delivery ends
//	addressee.go    which contact and company a member's news goes to
//	featurestop.go  what the key or the plan does not allow, and that stops one part alone
//	crmids.go       the host is told HubSpot's ids
package carry
