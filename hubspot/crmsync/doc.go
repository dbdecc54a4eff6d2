// Package crmsync is the meaning of the sync: which HubSpot objects a
// MemberPulse entity becomes, how its record is found, and what each of
// HubSpot's replies means for the entity, the tenant and the admin.
//
// A batch that the outbox has claimed travels through one verb a file:
//
//	handler.go    message -> batch -> pass -> settle
//	plan.go       pure: what each member needs
//	pass.go       the calls: verify.go, find.go, update and create, lost.go for what vanished
//	bisect.go     one call, halved when HubSpot refuses it for one record
//	sent.go       what a call will fill, noted before it
//	identity.go   pure: whose record is this
//	mapping.go    pure: member -> property values
//	outcome.go    pure: HubSpot's reply -> verdict, with its class and code
//	links.go, records.go, connections.go, runs.go   the tables; results are written in Settle's transaction
//
// Identity, in this order: the stored record id (identity link), the unique
// property memberpulse_member_id, the email, primary then secondary. Search
// never decides it, for HubSpot's search lags behind its own writes
// (https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm).
//
// A linked contact is updated by record id and never upserted: an upsert would
// silently create again what somebody deleted or merged away.
package crmsync
