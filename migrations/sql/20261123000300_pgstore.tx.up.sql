-- Settings of each tenant for each integration, their secrets, and the record of
-- who changed what.

create table {{.Schema}}.hubspot_settings (
	client_id   uuid        not null,
	integration text        not null,
	plain       jsonb       not null default '{}' check (jsonb_typeof(plain) = 'object'),
	version     bigint      not null check (version > 0),
	updated_at  timestamptz not null,
	updated_by  text        not null,
	primary key (client_id, integration)
);

-- Apart from the settings, so that reading those never means holding these, and
-- so that an operator can grant the two separately. Ciphertext only.
create table {{.Schema}}.hubspot_secret (
	client_id   uuid        not null,
	integration text        not null,
	field       text        not null,
	sealed      bytea       not null,
	set_at      timestamptz not null,
	set_by      text        not null,
	primary key (client_id, integration, field),
	foreign key (client_id, integration) references {{.Schema}}.hubspot_settings on delete cascade
);

create table {{.Schema}}.hubspot_audit (
	id              bigint generated always as identity primary key,
	client_id       uuid        not null,
	integration     text        not null,
	action          text        not null,
	actor_id        text        not null,
	impersonator_id text        not null default '',
	ip_address      text        not null default '',
	user_agent      text        not null default '',
	changes         jsonb       not null default '{}' check (jsonb_typeof(changes) = 'object'),
	at              timestamptz not null
);

create index hubspot_audit_by_client on {{.Schema}}.hubspot_audit (client_id, integration, id desc);

create function {{.Schema}}.hubspot_audit_refuse() returns trigger language plpgsql as $$
begin
	raise exception 'hubspot_audit is append-only: % is refused', tg_op
		using errcode = 'restrict_violation',
		hint = 'To enforce a retention period, the owner of the table disables its triggers in the same transaction.';
end $$;

create trigger hubspot_audit_append_only
	before update or delete on {{.Schema}}.hubspot_audit
	for each row execute function {{.Schema}}.hubspot_audit_refuse();

create trigger hubspot_audit_append_only_all
	before truncate on {{.Schema}}.hubspot_audit
	for each statement execute function {{.Schema}}.hubspot_audit_refuse();
