-- The newest word of a person on each tag of each member. It belongs to the member, not to a portal:
-- it outlives a disconnection. Deleted on erasure, for the cause is free text.
create table {{.Schema}}.hubspot_tag_hand (
  client_id   uuid not null,
  member_id   uuid not null,
  tag         text not null,
  applied     boolean not null,
  cause       text not null,
  by_user     text not null,
  occurred_at timestamptz not null,
  primary key (client_id, member_id, tag)
);
