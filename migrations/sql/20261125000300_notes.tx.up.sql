-- The notes of activities and tickets: what is known of each, never what it says.
create table {{.Schema}}.hubspot_note (
  client_id   uuid not null,
  portal_id   bigint not null,
  kind        text not null check (kind in ('activity', 'ticket')),
  key         uuid not null,
  member_id   uuid,                          -- on whose contact it is, or shall be
  -- keyed, unkeyed: HubSpot is being asked to make it, by a key or without one; whether it did is not known.
  -- written: it is there, and not yet where it belongs. settled: all of it is confirmed.
  state       text not null check (state in ('keyed', 'unkeyed', 'written', 'settled')),
  note_id     text not null default '',      -- HubSpot's; '' = not known
  contact_ids text[] not null default '{}',  -- what it may be associated with: more before a call, less once that is settled
  company_ids text[] not null default '{}',
  fingerprint bytea,                         -- of what was last settled; null = not known
  lost        boolean not null default false, -- somebody deleted it in HubSpot
  touched_at  timestamptz not null,
  primary key (client_id, portal_id, kind, key)
) with (fillfactor = 80);
--bun:split
create index hubspot_note_member on {{.Schema}}.hubspot_note (client_id, portal_id, member_id);
--bun:split
-- Whether the portal lets notes have a unique property: '' = not known yet.
alter table {{.Schema}}.hubspot_connection
  add column note_key text not null default '' check (note_key in ('', 'unique', 'none'));
