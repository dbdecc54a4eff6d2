// Package associations carries members' contacts to the associations with their
// organizations' companies. It removes only what it has made, leaves what a
// person has labelled, and never makes a company the primary one.
//
//	associate.go   the batch: load, look, add, remove
//	tie.go         pure: what one member's contact needs
//	present.go     merges that people made meanwhile
//	settle.go      what is written, and who must be looked at again
//	pairs.go, belonging.go  what we know of pairs, and of who is in which organization
//
// See https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
package associations
