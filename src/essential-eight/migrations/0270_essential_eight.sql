create schema essential_eight;

-- The level an environment is held to. Where there is none, ML2.
create table essential_eight.target (
  environment text primary key references community.environment (id),
  tenancy_id text not null,
  level smallint not null check (level between 1 and 3),
  set_by text not null,
  set_at timestamptz not null
);
select platform.scope_rows('essential_eight.target');

-- The maturity of an environment as it was found: one row for each time it was another than before.
create table essential_eight.maturity (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  at timestamptz not null,
  level smallint not null check (level between 0 and 3),
  possible smallint not null check (possible between 0 and 3),
  target smallint not null check (target between 1 and 3),
  -- {"patch-applications": [level, possible], …}
  strategies jsonb not null,
  -- {"ism-1504": "met", …}: every control of the eight
  verdicts jsonb not null,
  primary key (environment, at)
);
select platform.scope_rows('essential_eight.maturity');
