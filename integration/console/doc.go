// Package console is the admin surface over the plugins of an
// [integration.Registry]: one set of operations (authorise, validate, store,
// audit once), rendered twice, as a JSON API and as server-rendered pages.
//
// It knows no plugin by name. Labels, help and checks come from the plugin's
// [integration.Schema]; sentences, counts and incidents from its
// [integration.Status]. A route whose capability a plugin does not implement
// answers 404 for that plugin.
//
// # What every request goes through
//
// In this order: who asks (401), the method (405), the permission (403), the
// plugin and its capability (404), the origin of a request that changes
// something (403), the media type (415), the size (413), the form of the body
// (400), the settings (422). The tenant is always the identity's own; nothing
// in a request names another, except on the platform admins' diagnostic route,
// which is read-only and audited.
//
// # Connecting
//
// Settings are parsed over the stored ones, then the plugin's Prepare talks to
// its vendor with no transaction open, then one transaction holds
// SettingsStore.Save, Connect and AuditLog.Append. Settings that the vendor
// refuses therefore never displace settings that work.
//
// # What some plugins can do
//
// Parts of the sync with their counts, choices that differ by tenant, the
// property map, the matching of companies, the board of tags with its gate, and
// tags by hand: each has its API, its page and its tab if the plugin implements
// the capability for it, and is nowhere if not. Someone who may only look sees
// counts: the parts, the board of tags and the sync log. The map, the matching
// and the tags of a person are for those who may see the settings, and for those
// who may configure to change. A map is checked against the vendor before the
// transaction begins, as settings are.
//
// # Secrets
//
// A secret goes in and never comes out: a page and GET settings show that it is
// set, its last four characters, its fingerprint, when and by whom it was set.
// Texts that a plugin returns are searched for the secrets of the request and
// of the stored settings before they leave.
package console
