-- How many of the attempts ended in a bug: those alone lead to a human.
alter table {{.Schema}}.hubspot_outbox_aside
  add column bugs integer not null default 0;
