-- Which tags HubSpot has of which member, by its own word, and which wait for the admin.
create table {{.Schema}}.hubspot_tag (
  client_id  uuid not null,
  portal_id  bigint not null,
  member_id  uuid not null,
  tag        text not null,
  sent       boolean not null default false, -- HubSpot has confirmed it
  maybe      boolean not null default false, -- a call that adds it was perhaps made
  held       text not null default '' check (held in ('', 'gate', 'history')), -- on, and kept back
  since      timestamptz,
  last_at    timestamptz,
  cause      text not null default '',
  by_hand    boolean not null default false,
  changed_at timestamptz,                    -- when sent last changed, in the host's time
  list_id    text not null default '',       -- the static list that the contact is in because of it
  primary key (client_id, portal_id, member_id, tag)
) with (fillfactor = 80);
--bun:split
create index hubspot_tag_counts on {{.Schema}}.hubspot_tag (client_id, portal_id, tag, sent, held);
--bun:split
-- The gate of the tags: what held before gate_at waits until the admin opens it.
create table {{.Schema}}.hubspot_tag_gate (
  client_id uuid not null,
  portal_id bigint not null,
  open      boolean not null default false,
  history   boolean not null default false, -- what ended before gate_at is sent too
  reason    text not null check (reason in ('first-sync', 'refill')),
  gate_at   timestamptz not null,
  opened_at timestamptz,
  refill    boolean not null default false, -- properties were made again: everybody is sent once more on confirmation
  primary key (client_id, portal_id)
);
