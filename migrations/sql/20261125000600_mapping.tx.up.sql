-- A tenant's own property map; without a row the default one holds.
create table {{.Schema}}.hubspot_mapping (
  client_id  uuid not null,
  portal_id  bigint not null,
  version    bigint not null,
  rules      jsonb not null,
  updated_at timestamptz not null,
  primary key (client_id, portal_id)
);
--bun:split
-- What a portal's schema no longer allows: the field is parked, everything else goes on.
create table {{.Schema}}.hubspot_parked_property (
  client_id uuid not null,
  portal_id bigint not null,
  object    text not null,
  property  text not null,
  why       text not null,        -- in words for a person, with names of properties only
  since     timestamptz not null,
  primary key (client_id, portal_id, object, property)
);
