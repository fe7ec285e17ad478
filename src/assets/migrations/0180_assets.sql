create schema assets;

-- One thing that matters. A merged asset keeps its rows, and root_id says what it is part of: taking it apart again is one change.
create table assets.asset (
  id text primary key,
  tenancy_id text not null,
  environment text not null,
  kind text not null check (kind in ('information', 'host', 'hypervisor', 'network', 'account', 'application',
    'supplier', 'site', 'service', 'data-store')),
  name text not null,
  -- What holds of all that its sources say.
  fields jsonb not null,
  root_id text not null references assets.asset (id),
  merged_into text references assets.asset (id),
  retired_at timestamptz,
  retired_why text,
  -- The newest that any source but a person saw of it.
  seen_at timestamptz,
  revision integer not null default 1,
  added_at timestamptz not null,
  changed_at timestamptz not null
);
create index on assets.asset (tenancy_id, kind);
create index on assets.asset (root_id);
select platform.scope_rows('assets.asset');

-- What each source says: field -> { v, at }. A source that says nothing of a field erases nothing.
create table assets.observation (
  asset_id text not null references assets.asset (id),
  source text not null,
  tenancy_id text not null,
  format text not null,
  seen_at timestamptz not null,
  first_seen_at timestamptz not null,
  fields jsonb not null,
  primary key (asset_id, source)
);
select platform.scope_rows('assets.observation');

create table assets.asset_key (
  tenancy_id text not null,
  kind text not null,
  value text not null,
  asset_id text not null references assets.asset (id),
  source text not null,
  first_seen_at timestamptz not null,
  primary key (tenancy_id, kind, value, asset_id)
);
create index on assets.asset_key (asset_id);
select platform.scope_rows('assets.asset_key');

-- Each package once a tenancy; the hosts hold lists of numbers.
create table assets.package (
  id integer generated always as identity primary key,
  tenancy_id text not null,
  type text not null,
  name text not null,
  version text not null,
  architecture text not null default '',
  -- The source package it was built from, "name version"; '' where nobody said.
  origin text not null default '',
  purl text not null default '',
  unique (tenancy_id, type, name, version, architecture, origin, purl)
);
select platform.scope_rows('assets.package');

create table assets.software (
  asset_id text not null references assets.asset (id),
  source text not null,
  tenancy_id text not null,
  seen_at timestamptz not null,
  packages integer[] not null,
  primary key (asset_id, source)
);
create index on assets.software using gin (packages);
select platform.scope_rows('assets.software');

-- A group of dependencies that is felt together.
create table assets.gate (
  dependant text not null references assets.asset (id),
  name text not null,
  tenancy_id text not null,
  kind text not null check (kind in ('any', 'all', 'k-of-n')),
  k integer check ((kind = 'k-of-n') = (k is not null) and k between 1 and 1000),
  primary key (dependant, name)
);
select platform.scope_rows('assets.gate');

-- Degrees are in percent: 0, 1, 10, 50, 90, 100. The edge belongs to the tenancy of what depends.
create table assets.dependency (
  dependant text not null references assets.asset (id),
  dependency text not null references assets.asset (id),
  tenancy_id text not null,
  c smallint not null check (c in (0, 1, 10, 50, 90, 100)),
  i smallint not null check (i in (0, 1, 10, 50, 90, 100)),
  a smallint not null check (a in (0, 1, 10, 50, 90, 100)),
  gate text,
  source text not null,
  note text not null default '',
  at timestamptz not null,
  primary key (dependant, dependency),
  foreign key (dependant, gate) references assets.gate (dependant, name),
  check (dependant <> dependency)
);
create index on assets.dependency (dependency);
select platform.scope_rows('assets.dependency');

-- From where one gets to where, in one step. The edge belongs to the tenancy of what is reached.
create table assets.reach (
  from_id text not null references assets.asset (id),
  to_id text not null references assets.asset (id),
  via text not null check (via in ('network', 'identity', 'admin')),
  tenancy_id text not null,
  probability double precision not null check (probability >= 0 and probability <= 1),
  note text not null default '',
  at timestamptz not null,
  primary key (from_id, to_id, via),
  check (from_id <> to_id)
);
create index on assets.reach (to_id);
select platform.scope_rows('assets.reach');

-- Hosts that events came from and no inventory knows.
create table assets.proposal (
  tenancy_id text not null,
  hostname text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  events bigint not null,
  state text not null check (state in ('proposed', 'accepted', 'ignored')),
  decided_by text,
  decided_at timestamptz,
  why text,
  asset_id text references assets.asset (id),
  primary key (tenancy_id, hostname)
);
select platform.scope_rows('assets.proposal');

create table assets.import (
  id text primary key,
  tenancy_id text not null,
  format text not null,
  source text not null,
  file_name text not null,
  sha256 text not null,
  host text not null,
  collected_at timestamptz not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  counts jsonb not null,
  unique (tenancy_id, source, sha256, host)
);
select platform.scope_rows('assets.import');

create table assets.merge (
  id text primary key,
  tenancy_id text not null,
  kept text not null references assets.asset (id),
  absorbed text not null references assets.asset (id),
  why text not null,
  by_name text not null,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  undone_why text
);
create index on assets.merge (kept);
create index on assets.merge (absorbed);
select platform.scope_rows('assets.merge');
