-- All companies that are like the organization were looked at. If not, nothing is created for it unasked.
alter table {{.Schema}}.hubspot_match
  add column whole boolean not null default true;
