// Package crmsync is the meaning of the sync: which HubSpot objects a
// MemberPulse entity becomes, how its record is found, and what each of
// HubSpot's replies means for the entity, the tenant and the admin.
//
// A batch that the outbox has claimed travels through one verb a file. kinds.go
// is the table of what is carried, features.go that of what can be switched on:
//
//	handler.go, outing.go   message -> batch -> carrier -> settle; one call, and what ends all calls
//	carryrecords.go         members and organizations, by road.go
//	plan.go                 pure: what each record needs
//	pass.go                 the calls: verify.go, find.go, consult, update and create, lost.go for what vanished
//	decide.go               what is written, by the property map (propertymap) and what the record holds
//	tagplan.go              pure: which tags go out; shared.go, sharedcheck.go those in a property of the customer's
//	associate.go, tie.go    contacts and their companies; matching.go, matcher.go which company is which organization
//	carryactivities.go, carrytickets.go, jot.go   notes (notetext), each exactly one
//	carrylists.go, carrysegments.go               the lists of tags, and who is in static ones
//	schemacare.go           the portal's properties: ours are mended, mapped ones that vanish park their field
//	bisect.go               one call, halved when HubSpot refuses it for one record
//	sent.go                 what a call will fill, noted before it
//	identity.go             pure: whose record is this
//	outcome.go              pure: HubSpot's reply -> verdict, with its class and code
//	links.go, records.go, connections.go, runs.go and the ledgers   the tables; results are written in Settle's transaction
//
// Identity, in this order: the stored record id (identity link), the unique
// property memberpulse_member_id, the email, primary then secondary. Search
// never decides it, for HubSpot's search lags behind its own writes
// (https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm).
//
// A linked contact is updated by record id and never upserted: an upsert would
// silently create again what somebody deleted or merged away.
package crmsync
