create table mp_organizations (
    id          uuid        primary key,
    client_id   uuid        not null references mp_clients (id),
    name        text        not null,
    description text        not null default '',
    domain      text        not null default '',
    website_url text        not null default '',
    phone       text        not null default '',
    address     text        not null default '',
    city        text        not null default '',
    postcode    text        not null default '',
    state       text        not null default '',
    country     text        not null default '',
    group_id    text        not null default '',
    plan_id     uuid,
    start_date  date,
    end_date    date,
    seats       integer     not null default 0 check (seats >= 0),
    updated_at  timestamptz not null,
    deleted_at  timestamptz,
    unique (client_id, id),
    foreign key (client_id, plan_id) references mp_plans (client_id, id)
);
create index mp_organizations_name on mp_organizations (client_id, name, id) where deleted_at is null;

alter table mp_members
    add column company_phone   text   not null default '',
    add column company_address text   not null default '',
    add column date_of_birth   date,
    add column gender          text   not null default '',
    add column bio             text   not null default '',
    add column interested_in   text[] not null default '{}',
    add column event_interests text[] not null default '{}',
    add column organization_id uuid,
    add column crm_id          text   not null default '',
    add foreign key (client_id, organization_id) references mp_organizations (client_id, id);
create index mp_members_organization on mp_members (client_id, organization_id) where organization_id is not null;

alter table mp_memberships
    add column price_type             text not null default 'annually' check (price_type in ('monthly', 'annually')),
    add column status_since           timestamptz,
    add column upgraded_at            timestamptz,
    add column upgraded_from          text not null default '',
    add column downgraded_at          timestamptz,
    add column downgrade_scheduled_at timestamptz,
    add column downgrade_plan_id      uuid,
    add column downgrade_on           date,
    add foreign key (client_id, downgrade_plan_id) references mp_plans (client_id, id),
    add check ((downgrade_scheduled_at is null) = (downgrade_plan_id is null));

create table mp_events (
    id           uuid        primary key,
    client_id    uuid        not null references mp_clients (id),
    name         text        not null,
    description  text        not null default '',
    type         text        not null check (type in ('live', 'online', 'webinar')),
    location     text        not null default '',
    starts_at    timestamptz not null,
    ends_at      timestamptz not null check (ends_at >= starts_at),
    cancelled_at timestamptz,
    updated_at   timestamptz not null,
    unique (client_id, id)
);
create index mp_events_start on mp_events (client_id, starts_at, id);

-- member_id is null for somebody who is no member; attendee_name is then who.
create table mp_registrations (
    id             uuid        primary key,
    client_id      uuid        not null,
    event_id       uuid        not null,
    member_id      uuid,
    attendee_name  text        not null default '',
    attendee_email text        not null default '',
    status         text        not null check (status in ('pending', 'confirmed', 'checked_in', 'cancelled')),
    created_at     timestamptz not null,
    confirmed_at   timestamptz,
    cancelled_at   timestamptz,
    attendance     text        not null default '' check (attendance in ('', 'attended', 'no_show')),
    attendance_at  timestamptz,
    foreign key (client_id, event_id) references mp_events (client_id, id),
    foreign key (client_id, member_id) references mp_members (client_id, id)
);
create index mp_registrations_event on mp_registrations (client_id, event_id);
create index mp_registrations_member on mp_registrations (client_id, member_id) where member_id is not null;
create unique index mp_registrations_one_open on mp_registrations (event_id, member_id) where status <> 'cancelled';

create table mp_courses (
    id          uuid        primary key,
    client_id   uuid        not null references mp_clients (id),
    name        text        not null,
    description text        not null default '',
    updated_at  timestamptz not null,
    unique (client_id, id)
);

create table mp_enrollments (
    id           uuid        primary key,
    client_id    uuid        not null,
    course_id    uuid        not null,
    member_id    uuid        not null,
    status       text        not null check (status in ('active', 'completed', 'cancelled')),
    progress     integer     not null default 0 check (progress between 0 and 100),
    enrolled_at  timestamptz not null,
    completed_at timestamptz,
    cancelled_at timestamptz,
    foreign key (client_id, course_id) references mp_courses (client_id, id),
    foreign key (client_id, member_id) references mp_members (client_id, id)
);
create index mp_enrollments_course on mp_enrollments (client_id, course_id);
create index mp_enrollments_member on mp_enrollments (client_id, member_id);
create unique index mp_enrollments_one_active on mp_enrollments (course_id, member_id) where status = 'active';

-- Each ticket takes the next number of its client.
alter table mp_clients add column last_ticket integer not null default 1000;

-- member_id is null for an author who is no member.
create table mp_tickets (
    id              uuid        primary key,
    client_id       uuid        not null references mp_clients (id),
    number          integer     not null,
    subject         text        not null,
    description     text        not null default '',
    status          text        not null check (status in ('open', 'in progress', 'waiting', 'resolved', 'closed')),
    member_id       uuid,
    requester_name  text        not null default '',
    requester_email text        not null default '',
    crm_id          text        not null default '',
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (client_id, number),
    unique (client_id, id),
    foreign key (client_id, member_id) references mp_members (client_id, id)
);

create table mp_ticket_statuses (
    id        uuid        primary key,
    client_id uuid        not null,
    ticket_id uuid        not null,
    status    text        not null,
    at        timestamptz not null,
    foreign key (client_id, ticket_id) references mp_tickets (client_id, id)
);
create index mp_ticket_statuses_ticket on mp_ticket_statuses (client_id, ticket_id);

create table mp_ticket_replies (
    id        uuid        primary key,
    client_id uuid        not null,
    ticket_id uuid        not null,
    public    boolean     not null,
    text      text        not null,
    at        timestamptz not null,
    foreign key (client_id, ticket_id) references mp_tickets (client_id, id)
);
create index mp_ticket_replies_ticket on mp_ticket_replies (client_id, ticket_id);

-- What has happened to members and attendees, each under the id that it was
-- told to integrations with.
create table mp_activities (
    id          uuid        primary key,
    client_id   uuid        not null references mp_clients (id),
    type        text        not null,
    member_id   uuid,
    occurred_at timestamptz not null,
    name        text        not null,
    from_name   text        not null default '',
    about_kind  text        not null,
    about_id    uuid        not null,
    day         date,
    foreign key (client_id, member_id) references mp_members (client_id, id)
);
create index mp_activities_member on mp_activities (client_id, member_id, occurred_at desc) where member_id is not null;
