// Package propertymap decides which property of a HubSpot record receives which
// field of a member or an organization, in which form, and whether it is
// written at all. It is pure: no context, no clock, no I/O.
//
//	fields.go        what can be mapped: contactfields.go, companyfields.go
//	defaults.go      the map of a tenant that has changed nothing
//	ownproperties.go the properties that the plugin makes in a portal
//	check.go         a tenant's map against the portal's live schema, in words
//	compile.go       rules and schema -> Map
//	values.go        entity -> values in HubSpot's format, by convert.go
//	decide.go        values and what is known of the record -> what to write
//	sent.go          what we wrote last, as digests
//	version.go       a map's identity, for fingerprints
//	concern.go       which records a change of rules concerns
//
// Two promises hold for every policy. A value that the plugin did not write is
// never cleared: a blank field clears its property only if the plugin filled it
// and, by what HubSpot shows, nobody changed it since. And a lifecycle stage, a
// lead status or an owner is set with a new record and never touched again, so
// that nothing moves back what sales has moved on.
//
// "Only if empty" is read first and written afterwards. HubSpot has no write
// with a condition: what somebody types in the moment between is overwritten.
package propertymap
