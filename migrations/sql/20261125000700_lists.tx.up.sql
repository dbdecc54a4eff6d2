-- The lists (segments) that tags have in a portal, one for each tag and mode. Their ids are kept
-- over a disconnection and while the tag has another mode.
create table {{.Schema}}.hubspot_list (
  client_id      uuid not null,
  portal_id      bigint not null,
  tag            text not null,
  mode           text not null check (mode in ('active', 'static')),
  list_id        text not null default '',
  property       text not null default '', -- that the filter of an active list is known to follow
  state          text not null default '' check (state in ('', 'ok', 'name-taken', 'edited', 'deleted', 'limit', 'scope', 'refused')),
  detail         text not null default '', -- HubSpot's words of a refusal
  correlation_id text not null default '',
  asked          bigint not null default 1, -- how often a look at it was asked for
  looked         bigint not null default 0, -- the last of them that has been answered
  since          timestamptz not null,      -- of the state
  primary key (client_id, portal_id, tag, mode)
);
--bun:split
-- Ours: a call of ours put the contact into the static list, or, without a list_id, perhaps did.
alter table {{.Schema}}.hubspot_tag
  add column list_ours boolean not null default false;
