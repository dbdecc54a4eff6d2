package ledger

import "github.com/uptrace/bun"

// Tables names the tables of this package in one PostgreSQL schema.
type Tables struct{ Schema string }

func (t Tables) name(table string) bun.Ident { return bun.Ident(t.Schema + "." + table) }

func (t Tables) Connection() bun.Ident  { return t.name("hubspot_connection") }
func (t Tables) Link() bun.Ident        { return t.name("hubspot_identity_link") }
func (t Tables) unconfirmed() bun.Ident { return t.name("hubspot_unconfirmed") }
func (t Tables) Record() bun.Ident      { return t.name("hubspot_sync_record") }
func (t Tables) Attempt() bun.Ident     { return t.name("hubspot_sync_attempt") }
func (t Tables) Note() bun.Ident        { return t.name("hubspot_note") }
func (t Tables) Run() bun.Ident         { return t.name("hubspot_run") }

func (t Tables) Mapping() bun.Ident { return t.name("hubspot_mapping") }
func (t Tables) Parked() bun.Ident  { return t.name("hubspot_parked_property") }
func (t Tables) List() bun.Ident    { return t.name("hubspot_list") }
func (t Tables) CRMID() bun.Ident   { return t.name("hubspot_crm_id") }
func (t Tables) Tag() bun.Ident     { return t.name("hubspot_tag") }
func (t Tables) TagGate() bun.Ident { return t.name("hubspot_tag_gate") }
func (t Tables) SyncTag() bun.Ident { return t.name("hubspot_sync_tag") }

func (t Tables) Belonging() bun.Ident   { return t.name("hubspot_belonging") }
func (t Tables) Association() bun.Ident { return t.name("hubspot_association") }
func (t Tables) Match() bun.Ident       { return t.name("hubspot_match") }

func (t Tables) Marketing() bun.Ident      { return t.name("hubspot_marketing") }
func (t Tables) MarketingEvent() bun.Ident { return t.name("hubspot_marketing_event") }
func (t Tables) Attended() bun.Ident       { return t.name("hubspot_attendance") }
func (t Tables) CustomEvent() bun.Ident    { return t.name("hubspot_custom_event") }
