// Package integration is the contract between a MemberPulse host and the
// integrations that it embeds. It uses the standard library only and is the
// one package of this module that exports interfaces for others to implement.
//
// A host implements [Source] over its own tables, picks or writes the stores
// of store.go, builds its plugins with their constructors, and hands them to a
// [Registry]. The admin console (package console) is generic over that
// registry: what a plugin's [Schema] declares becomes form, JSON and redaction.
//
// # Lifecycle of a plugin
//
//  1. The host constructs it with its dependencies. No I/O happens here.
//  2. [Registry.Start] calls Start, in the order of registration. If one fails,
//     those already started are stopped in reverse order.
//  3. While it runs, host modules record changes inside their own database
//     transactions, and the console calls the optional capabilities that the
//     plugin implements: [Connector], [Reporter], [Runner], [SyncLogger].
//  4. [Registry.Stop] calls Stop in reverse order. A stopped plugin is not
//     started again; the host builds a new one.
//
// # Tenancy
//
// Every call that concerns a tenant carries its clientId, a UUID in text form
// that the host has authorised. Nothing in this package trusts a clientId that
// came from a client. Ids of another tenant answer as ids that do not exist.
package integration
