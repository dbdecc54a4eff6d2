-- Since when marketing events are sent to a portal: what had ended before is left alone.
create table {{.Schema}}.hubspot_marketing (
  client_id uuid not null,
  portal_id bigint not null,
  since     timestamptz not null,
  primary key (client_id, portal_id)
);
--bun:split
-- Marketing events, under the host's ids. A row stands before the call that makes its event.
create table {{.Schema}}.hubspot_marketing_event (
  client_id   uuid not null,
  portal_id   bigint not null,
  key         uuid not null,                  -- the host's event
  sent        boolean not null default false, -- HubSpot has confirmed it
  hubspot_id  text not null default '',       -- '' = not known
  fingerprint bytea,                          -- of what was last settled; null = not known
  touched_at  timestamptz not null,
  primary key (client_id, portal_id, key)
);
--bun:split
-- What HubSpot was last told of a member at an event. A row stands before the call that tells it.
create table {{.Schema}}.hubspot_attendance (
  client_id  uuid not null,
  portal_id  bigint not null,
  member_id  uuid not null,
  event_id   uuid not null,
  state      text not null check (state in ('', 'register', 'attend', 'cancel')), -- '' = nothing: the event is not sent
  at         timestamptz not null,            -- the time that was told: a later state must have a later one
  contact_id text not null,
  epoch      bigint not null,                 -- the connection's when it was confirmed; 0 = it is not
  primary key (client_id, portal_id, member_id, event_id)
);
--bun:split
create index hubspot_attendance_event on {{.Schema}}.hubspot_attendance (client_id, portal_id, event_id);
--bun:split
-- Activities that have been handed over to become custom events, each once. What becomes of them is in the
-- outbox and the sync log.
create table {{.Schema}}.hubspot_custom_event (
  client_id uuid not null,
  portal_id bigint not null,
  key       uuid not null,                    -- the activity
  handed_at timestamptz not null,
  primary key (client_id, portal_id, key)
);
