// Package crmsync is the meaning of the sync: which HubSpot objects a
// MemberPulse entity becomes, how its record is found, and what each of
// HubSpot's replies means for the entity, the tenant and the admin.
//
// A batch that the outbox has claimed travels through one verb a file. This
// package joins the parts, and carries members and organizations itself, with
// their tags:
//
//	tenants.go, syncer.go   what a host's plugin embeds
//	handler.go              message -> batch -> carrier -> settle
//	carriers.go, features.go  the tables of what is carried, and of what can be switched on
//	road.go, carryrecords.go  members and organizations
//	plan.go                 pure: what each record needs
//	pass.go                 the calls: find.go, consult, update and create, lost.go for what vanished
//	decide.go               what is written, by the property map and what the record holds
//	tagplan.go              pure: which tags go out; shared.go, sharedcheck.go those in a property of the customer's
//	matchpass.go            which company is which organization: the pass's part of package matching
//	takeover.go             who is a member again under a new id
//	schemacare.go           the portal's properties: ours are mended, mapped ones that vanish park their field
//	refill.go, parkings.go  what cannot be written now, and what has to be filled for everybody afterwards
//	identity.go             pure: whose record is this
//	runs.go, backfill.go, turns.go  full syncs, and whose turn it is
//	connect.go, status.go, synclog.go, mapper.go, tagboard.go  what the console asks for
//
// Everything else has a room of its own below this package, and none of the
// rooms knows this one. Each carrier knows only those before it:
//
//	values, kinds, verdict, settings, words   pure: forms, names, what a reply means, what a tenant chose, what is said of it
//	inspect, schema                           what a portal has, and what it lacks
//	ledger                                    what is remembered of a portal
//	carry                                     one batch on its outing to one portal
//	notes, lists, marketing, customevents, associations   the carriers
//	matching                                  the one-time matching of companies
//	propertymap, notetext, attendance, likeness, sharedvalue   pure decisions of one subject each
//
// Identity, in this order: the stored record id (identity link), the unique
// property memberpulse_member_id, the email, primary then secondary. Search
// never decides it, for HubSpot's search lags behind its own writes
// (https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm).
//
// A linked contact is updated by record id and never upserted: an upsert would
// silently create again what somebody deleted or merged away.
package crmsync
