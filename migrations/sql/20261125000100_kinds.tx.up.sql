-- More than members: a run walks over several kinds, one after the other. The default lets the
-- version before go on working while hosts are replaced one by one.
alter table {{.Schema}}.hubspot_run
  add column kinds text[] not null default '{member}'; -- what is still to be walked over, the present kind first
--bun:split
-- What a sync record of type tag says beyond the others: its entity_id is the change's own id.
create table {{.Schema}}.hubspot_sync_tag (
  record_id   uuid primary key references {{.Schema}}.hubspot_sync_record (id) on delete cascade,
  client_id   uuid not null,
  member_id   uuid not null,
  tag         text not null,
  applied     boolean not null,
  cause       text not null default '',
  occurred_at timestamptz not null           -- when it happened in the host
);
--bun:split
create index hubspot_sync_tag_member on {{.Schema}}.hubspot_sync_tag (client_id, member_id);
