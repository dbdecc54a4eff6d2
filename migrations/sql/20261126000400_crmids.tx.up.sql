-- When the host is told again, and how often it has refused.
alter table {{.Schema}}.hubspot_crm_id
  add column due_at   timestamptz not null default '-infinity',
  add column attempts integer not null default 0;
--bun:split
create index hubspot_crm_id_due on {{.Schema}}.hubspot_crm_id (due_at);
