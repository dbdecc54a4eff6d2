-- What a run is for, and how much of each kind is behind it. The defaults let the version before
-- go on working while hosts are replaced one by one.
alter table {{.Schema}}.hubspot_run
  add column reason  text not null default '',            -- 'first', 'full', 'settings', 'mapping', 'tags', 'refill', 'lists'
  add column parts   text[] not null default '{}',        -- of 'settings': the parts that were switched on
  add column walked  jsonb not null default '{}',         -- how many keys of each kind that is behind it
  add column kind_at timestamptz;                         -- when the present kind was begun
--bun:split
-- A property of ours that cannot be made, because the portal's plan allows no more.
alter table {{.Schema}}.hubspot_parked_property
  add column room integer;                                -- how many more the plan allowed; null = parked for another reason
