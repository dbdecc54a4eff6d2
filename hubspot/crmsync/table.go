package crmsync

import "github.com/uptrace/bun"

// tables names the tables of this package in one PostgreSQL schema.
type tables struct{ schema string }

func (t tables) name(table string) bun.Ident { return bun.Ident(t.schema + "." + table) }

func (t tables) connection() bun.Ident  { return t.name("hubspot_connection") }
func (t tables) link() bun.Ident        { return t.name("hubspot_identity_link") }
func (t tables) unconfirmed() bun.Ident { return t.name("hubspot_unconfirmed") }
func (t tables) record() bun.Ident      { return t.name("hubspot_sync_record") }
func (t tables) attempt() bun.Ident     { return t.name("hubspot_sync_attempt") }
func (t tables) note() bun.Ident        { return t.name("hubspot_note") }
func (t tables) run() bun.Ident         { return t.name("hubspot_run") }

func (t tables) mapping() bun.Ident { return t.name("hubspot_mapping") }
func (t tables) parked() bun.Ident  { return t.name("hubspot_parked_property") }
func (t tables) list() bun.Ident    { return t.name("hubspot_list") }
func (t tables) crmID() bun.Ident   { return t.name("hubspot_crm_id") }
func (t tables) tag() bun.Ident     { return t.name("hubspot_tag") }
func (t tables) tagGate() bun.Ident { return t.name("hubspot_tag_gate") }
func (t tables) syncTag() bun.Ident { return t.name("hubspot_sync_tag") }

func (t tables) belonging() bun.Ident   { return t.name("hubspot_belonging") }
func (t tables) association() bun.Ident { return t.name("hubspot_association") }
func (t tables) match() bun.Ident       { return t.name("hubspot_match") }

func (t tables) marketing() bun.Ident      { return t.name("hubspot_marketing") }
func (t tables) marketingEvent() bun.Ident { return t.name("hubspot_marketing_event") }
func (t tables) attended() bun.Ident       { return t.name("hubspot_attendance") }
func (t tables) customEvent() bun.Ident    { return t.name("hubspot_custom_event") }
