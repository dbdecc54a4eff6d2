-- The outbox: rows wait, tenants carry gate, park and lease, asides wait for their time, a key or a human.

CREATE TABLE {{.Schema}}.hubspot_outbox (
    tenant      uuid        NOT NULL,
    lane        smallint    NOT NULL,
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    kind        text        NOT NULL,
    key         text        NOT NULL,
    subject     text        NOT NULL,
    payload     json,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, lane, id)
) WITH (
    -- vacuum_truncate: an emptied table of 0 pages invites a sequential scan that a cached plan keeps.
    vacuum_truncate = off,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

-- The host never writes here while recording: a row shared by all writers of a tenant would serialise them.
CREATE TABLE {{.Schema}}.hubspot_outbox_tenant (
    tenant       uuid        PRIMARY KEY,
    topic        text,                                     -- partition of a raw topic; null for a tenant
    open         boolean     NOT NULL DEFAULT false,
    paused       boolean     NOT NULL DEFAULT false,
    due_at       timestamptz NOT NULL DEFAULT '-infinity', -- parked until; infinity = until somebody unparks
    park_class   text        NOT NULL DEFAULT '',
    park_reason  text        NOT NULL DEFAULT '',
    term         bigint      NOT NULL DEFAULT 0,
    owner        text,                                     -- set while leased; left behind by a holder that died
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    released_at  timestamptz NOT NULL DEFAULT '-infinity',
    floor_urgent   bigint    NOT NULL DEFAULT 0,           -- hints: nothing unfinished below, late commits apart
    floor_live     bigint    NOT NULL DEFAULT 0,
    floor_backfill bigint    NOT NULL DEFAULT 0,
    doubt_id     bigint      NOT NULL DEFAULT 0,           -- rows up to this id may have been in flight unsettled
    doubt_at     timestamptz NOT NULL DEFAULT '-infinity'  -- likewise asides set aside before this time
) WITH (
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 200
);

CREATE TABLE {{.Schema}}.hubspot_outbox_aside (
    tenant      uuid        NOT NULL,
    kind        text        NOT NULL,
    key         text        NOT NULL,
    subject     text        NOT NULL,
    lane        smallint    NOT NULL,
    due_at      timestamptz NOT NULL,                      -- infinity = held for a human
    waits_for   text,                                      -- "kind:key" whose settling makes this due
    attempts    integer     NOT NULL DEFAULT 0,
    class       text        NOT NULL DEFAULT '',
    reason      text        NOT NULL DEFAULT '',
    doubt       boolean     NOT NULL DEFAULT false,        -- calls were perhaps made and never settled
    payload     json,
    recorded_at timestamptz NOT NULL,                      -- of the oldest row behind it
    since       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, kind, key)
);

CREATE INDEX hubspot_outbox_aside_due ON {{.Schema}}.hubspot_outbox_aside (tenant, due_at);
CREATE INDEX hubspot_outbox_aside_waits ON {{.Schema}}.hubspot_outbox_aside (tenant, waits_for) WHERE waits_for IS NOT NULL;
