-- Organization that a member belongs to, as it was last settled for the member's contact. What differs from
-- it is looked at again; the epoch is the connection's, so that a full sync looks at everybody.
create table {{.Schema}}.hubspot_belonging (
  client_id    uuid not null,
  portal_id    bigint not null,
  key          uuid not null,                 -- the member
  organization uuid,                          -- null: in none, and pairs may be left over
  contact_id   text not null,
  epoch        bigint not null,
  primary key (client_id, portal_id, key)
);
--bun:split
create index hubspot_belonging_organization on {{.Schema}}.hubspot_belonging (client_id, portal_id, organization);
--bun:split
-- Pairs of contact and company that we know of, one for each company of a member. Only those of ours are ever
-- removed. A row stands before the call that makes its pair, so that a lost reply leaves no doubt whose it is.
create table {{.Schema}}.hubspot_association (
  client_id   uuid not null,
  portal_id   bigint not null,
  key         uuid not null,                  -- the member
  company_id  text not null,
  contact_id  text not null,
  company_key uuid not null,                  -- the organization
  ours        boolean not null,               -- we made the pair; a person's is never removed
  updated_at  timestamptz not null,
  primary key (client_id, portal_id, key, company_id)
);
--bun:split
-- The one-time matching: organizations that are compared with the portal's companies before one is created.
-- Company data only, and only until the organization has its company.
create table {{.Schema}}.hubspot_match (
  client_id  uuid not null,
  portal_id  bigint not null,
  key        uuid not null,                   -- the organization
  name       text not null,                   -- what was looked for
  domain     text not null default '',
  searched   boolean not null default false,
  candidates jsonb not null default '[]',
  suggested  text not null default '',
  decision   text,                            -- a company's id, '' = create one; null: not decided
  decided_at timestamptz,
  created_at timestamptz not null,
  primary key (client_id, portal_id, key)
);
--bun:split
-- matching: organizations without a company are looked for first. matched_portal is the portal for which that
-- was opened, once. matching_due is when it goes on; whoever moves it works on it.
alter table {{.Schema}}.hubspot_connection
  add column matching       boolean not null default false,
  add column matched_portal bigint not null default 0,
  add column matching_due   timestamptz not null default '-infinity';
--bun:split
-- We archive the record, or have: its entity is gone. One that comes back gets a new record.
alter table {{.Schema}}.hubspot_identity_link
  add column archived boolean not null default false;
