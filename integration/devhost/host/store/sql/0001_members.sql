create table mp_clients (
    id         uuid        primary key,
    name       text        not null unique,
    time_zone  text        not null,
    seeded     boolean     not null default false,
    created_at timestamptz not null
);

create table mp_users (
    id        uuid primary key,
    client_id uuid references mp_clients (id),
    name      text not null,
    role      text not null check (role in ('ROLE_PLATFORM_ADMIN', 'ROLE_CLIENT_ADMIN', 'ROLE_CLIENT_USER',
                                            'ROLE_MEMBER', 'ROLE_SPONSOR_ADMIN', 'ROLE_SPONSOR_USER')),
    check ((client_id is null) = (role = 'ROLE_PLATFORM_ADMIN'))
);
create index mp_users_client on mp_users (client_id, role);

create table mp_plans (
    id        uuid    primary key,
    client_id uuid    not null references mp_clients (id),
    name      text    not null,
    position  integer not null,
    unique (client_id, name),
    unique (client_id, id)
);

create table mp_members (
    id             uuid        primary key,
    client_id      uuid        not null references mp_clients (id),
    first_name     text        not null,
    last_name      text        not null,
    email          text        not null default '',
    contact_number text        not null default '',
    mobile         text        not null default '',
    company        text        not null default '',
    position       text        not null default '',
    address        text        not null default '',
    city           text        not null default '',
    postcode       text        not null default '',
    state          text        not null default '',
    country        text        not null default '',
    website_url    text        not null default '',
    linkedin_url   text        not null default '',
    status         text        not null check (status in ('active', 'inactive', 'suspended', 'pending')),
    registered_at  timestamptz not null,
    updated_at     timestamptz not null,
    deleted_at     timestamptz,
    unique (client_id, id)
);
create unique index mp_members_email on mp_members (client_id, lower(email)) where email <> '' and deleted_at is null;
create index mp_members_name on mp_members (client_id, last_name, first_name, id) where deleted_at is null;
create index mp_members_updated on mp_members (client_id, updated_at desc, id) where deleted_at is null;

-- The composite references keep every membership inside one client.
create table mp_memberships (
    id         uuid primary key,
    client_id  uuid not null,
    member_id  uuid not null,
    plan_id    uuid not null,
    status     text not null check (status in ('active', 'expiring', 'expired', 'suspended', 'cancelled')),
    start_date date not null,
    end_date   date,
    renewed_at timestamptz,
    foreign key (client_id, member_id) references mp_members (client_id, id),
    foreign key (client_id, plan_id) references mp_plans (client_id, id)
);
create index mp_memberships_member on mp_memberships (client_id, member_id);
create unique index mp_memberships_one_running on mp_memberships (member_id, plan_id)
    where status in ('active', 'expiring');

-- Each start of a host with the built-in simulator takes one block of portal ids.
create sequence mp_simulated_portals start with 24680001 increment by 1000;
