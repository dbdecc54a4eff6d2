-- Activities of before become no custom events.
alter table {{.Schema}}.hubspot_connection
  add column custom_events_since timestamptz not null default '-infinity';
