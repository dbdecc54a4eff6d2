package ledger

import "github.com/uptrace/bun"

// Tables names the tables of the sync in one PostgreSQL schema.
type Tables struct{ Schema string }

func (t Tables) name(table string) bun.Ident { return bun.Ident(t.Schema + "." + table) }

// Connection is of which tenant is connected to which portal.
func (t Tables) Connection() bun.Ident { return t.name("hubspot_connection") }

// Link is of identity links.
func (t Tables) Link() bun.Ident { return t.name("hubspot_identity_link") }

// Unconfirmed is of what calls without a known result may have filled.
func (t Tables) Unconfirmed() bun.Ident { return t.name("hubspot_unconfirmed") }

// Record is of sync records.
func (t Tables) Record() bun.Ident { return t.name("hubspot_sync_record") }

// Attempt is of what became of sync records over time.
func (t Tables) Attempt() bun.Ident { return t.name("hubspot_sync_attempt") }

// SyncTag is of what sync records of tags say beyond the others.
func (t Tables) SyncTag() bun.Ident { return t.name("hubspot_sync_tag") }

// Run is of full syncs.
func (t Tables) Run() bun.Ident { return t.name("hubspot_run") }

// Mapping is of property maps.
func (t Tables) Mapping() bun.Ident { return t.name("hubspot_mapping") }

// Parked is of properties that cannot be written.
func (t Tables) Parked() bun.Ident { return t.name("hubspot_parked_property") }

// CRMID is of CRM ids that the host could not take yet.
func (t Tables) CRMID() bun.Ident { return t.name("hubspot_crm_id") }

// Note is of notes.
func (t Tables) Note() bun.Ident { return t.name("hubspot_note") }

// List is of the lists of tags.
func (t Tables) List() bun.Ident { return t.name("hubspot_list") }

// Tag is of which tags members' contacts have.
func (t Tables) Tag() bun.Ident { return t.name("hubspot_tag") }

// TagGate is of tags that wait for an admin.
func (t Tables) TagGate() bun.Ident { return t.name("hubspot_tag_gate") }

// Belonging is of which organization a member was last seen in.
func (t Tables) Belonging() bun.Ident { return t.name("hubspot_belonging") }

// Association is of contacts and companies that are associated.
func (t Tables) Association() bun.Ident { return t.name("hubspot_association") }

// Match is of organizations whose company is looked for.
func (t Tables) Match() bun.Ident { return t.name("hubspot_match") }

// Marketing is of since when a portal gets events.
func (t Tables) Marketing() bun.Ident { return t.name("hubspot_marketing") }

// MarketingEvent is of marketing events.
func (t Tables) MarketingEvent() bun.Ident { return t.name("hubspot_marketing_event") }

// Attended is of what members do at events.
func (t Tables) Attended() bun.Ident { return t.name("hubspot_attendance") }

// CustomEvent is of activities that became custom events.
func (t Tables) CustomEvent() bun.Ident { return t.name("hubspot_custom_event") }
