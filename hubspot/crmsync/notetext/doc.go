// Package notetext writes the notes that HubSpot shows on a contact's
// timeline: one for an activity, one for a support ticket. It is pure: no
// clock, no I/O, and equal input makes equal text, in whatever order its parts
// come.
//
// Everything that a person typed is escaped. A note never says whose it is, so
// one text can stand on a contact and on its company.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/activities/notes/guide
package notetext
