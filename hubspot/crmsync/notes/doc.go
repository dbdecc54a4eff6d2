// Package notes carries activities and support tickets to notes on the timeline of
// their member's contact, each exactly one, even when HubSpot makes it and the
// reply is lost: by a key of its own where the portal allows that, else by a
// reference in its text that is looked for on the contact. Search, which lags
// behind, is never asked.
//
//	activities.go, tickets.go  what the notes are about
//	jot.go                     pure: what one note needs
//	noting.go                  the batch: load, plan, calls, settle
//	key.go                     whether HubSpot lets notes have a key
//	seek.go, places.go         is it there; on which contact and company it stands
//	ledger.go                  how far each got
//
// See https://developers.hubspot.com/docs/api-reference/latest/crm/activities/notes/guide
package notes
