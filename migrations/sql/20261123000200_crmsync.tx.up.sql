-- The tenant's connection to its portal. One portal belongs to one tenant at a time.
create table {{.Schema}}.hubspot_connection (
  client_id        uuid primary key,
  portal_id        bigint not null,
  connected        boolean not null,
  connected_at     timestamptz not null,
  disconnected_at  timestamptz,
  ui_domain        text not null default '',
  -- Part of every fingerprint: raising it makes the next full sync send everybody again.
  epoch            bigint not null default 1,
  -- What stopped the tenant last; outbox_tenant says whether it still does.
  trouble_code        text not null default '',
  trouble_names       text[] not null default '{}',
  trouble_correlation text not null default '',
  trouble_at          timestamptz,
  -- A mass deletion parks the tenant until an admin confirms it; until this time it is believed.
  gone_accepted_until timestamptz not null default '-infinity'
);
--bun:split
create unique index hubspot_connection_portal on {{.Schema}}.hubspot_connection (portal_id) where connected;
--bun:split
-- Which HubSpot record is which entity. Bound to the portal: ids of one portal mean nothing in another.
create table {{.Schema}}.hubspot_identity_link (
  client_id    uuid not null,
  portal_id    bigint not null,
  kind         text not null,
  key          uuid not null,
  hubspot_id   text not null,
  created_here boolean not null,              -- we created the record, we did not find it
  lost         boolean not null default false, -- HubSpot no longer has the record
  fingerprint  bytea,                          -- of what was last settled; null = not known
  sent         text[] not null default '{}',   -- names of properties that we filled: only these may be cleared
  linked_at    timestamptz not null,
  primary key (client_id, portal_id, kind, key)
);
--bun:split
create unique index hubspot_identity_link_record on {{.Schema}}.hubspot_identity_link (client_id, portal_id, kind, hubspot_id);
--bun:split
-- Entities without a link for which a call may have been made whose result was never stored:
-- HubSpot can have a record of them, with these properties filled by us.
create table {{.Schema}}.hubspot_unconfirmed (
  client_id uuid not null,
  portal_id bigint not null,
  kind      text not null,
  key       uuid not null,
  names     text[] not null,
  primary key (client_id, portal_id, kind, key)
);
--bun:split
-- MemberPulse's CRM Sync Record: one row for each entity and portal, updated in place.
create table {{.Schema}}.hubspot_sync_record (
  id              uuid primary key default gen_random_uuid(),
  client_id       uuid not null,
  entity_type     text not null,
  entity_id       uuid not null,
  crm_entity_id   text,
  portal_id       bigint not null,
  sync_status     text not null check (sync_status in ('pending', 'synced', 'failed', 'excluded')),
  code            text not null default '',
  properties      text[] not null default '{}', -- names only: which properties HubSpot complained of
  other_id        text not null default '',     -- the other record of a collision
  detail          text not null default '',     -- HubSpot's own words, sanitised
  correlation_id  text not null default '',
  idempotency_key text not null,
  gone            boolean not null default false, -- no longer in the host
  last_sync_at    timestamptz,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  unique (client_id, portal_id, entity_type, entity_id)
) with (fillfactor = 80);
--bun:split
create index hubspot_sync_record_recent on {{.Schema}}.hubspot_sync_record (client_id, portal_id, updated_at desc, id);
--bun:split
create index hubspot_sync_record_status on {{.Schema}}.hubspot_sync_record (client_id, portal_id, sync_status, code) where not gone;
--bun:split
create table {{.Schema}}.hubspot_sync_attempt (
  id             bigint generated always as identity primary key,
  client_id      uuid not null,
  record_id      uuid not null references {{.Schema}}.hubspot_sync_record (id) on delete cascade,
  at             timestamptz not null,
  sync_status    text not null,
  code           text not null default '',
  properties     text[] not null default '{}',
  other_id       text not null default '',
  detail         text not null default '',
  correlation_id text not null default ''
);
--bun:split
create index hubspot_sync_attempt_record on {{.Schema}}.hubspot_sync_attempt (record_id, id desc);
--bun:split
-- Full syncs. The row is the whole state of a run, so that any replica can go on with it.
create table {{.Schema}}.hubspot_run (
  id          uuid primary key default gen_random_uuid(),
  client_id   uuid not null,
  kind        text not null,
  phase       text not null check (phase in ('waiting', 'listing', 'delivering', 'done')),
  fence       text[],                        -- transactions that began before the gate opened; null = not noted yet
  again       boolean not null default false, -- a second walk is due once the fence has passed
  cursor      text not null default '',
  total       integer not null default 0,
  listed      integer not null default 0,
  started_at  timestamptz not null,
  phase_at    timestamptz not null,
  finished_at timestamptz,
  cancelled   boolean not null default false
);
--bun:split
create unique index hubspot_run_active on {{.Schema}}.hubspot_run (client_id) where finished_at is null;
--bun:split
create index hubspot_run_recent on {{.Schema}}.hubspot_run (client_id, started_at desc);
