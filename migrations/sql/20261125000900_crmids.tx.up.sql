-- CRM ids that the host could not take when they were settled, because its row was locked for long.
create table {{.Schema}}.hubspot_crm_id (
  client_id uuid not null,
  kind      text not null,
  key       uuid not null,
  crm_id    text not null,
  since     timestamptz not null,
  primary key (client_id, kind, key)
);
