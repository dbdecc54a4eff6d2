// Package lists carries the lists of tags, which HubSpot calls segments, and the
// contacts of members into static ones and out of them.
//
//	look.go               finds, restores or makes the lists; fit.go: is one found the one wanted
//	segments.go, rides.go contacts in and out, one call a list
//	store.go, seats.go    which list a tag has, and who is in it because of us
//	needs.go, incidents.go what an admin is told
//
// See https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide
package lists
