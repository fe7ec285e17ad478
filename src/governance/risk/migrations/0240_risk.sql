-- Vulnerabilities on assets, as scanners told of them. One that is not found any more is closed, and kept.
create table governance.risk_finding (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  asset_id text not null,
  -- CVE, or the scanner's own number where there is none.
  vulnerability text not null,
  package text not null,
  title text not null,
  source text not null,
  cvss double precision,
  vector text,
  epss double precision,
  kev boolean not null,
  hours double precision,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  closed_at timestamptz,
  unique (environment, asset_id, vulnerability, package, source)
);
create index on governance.risk_finding (environment) where closed_at is null;
select platform.scope_rows('governance.risk_finding');

-- What the feeds say of a CVE: of the world, and of nobody's tenancy.
create table governance.risk_exploit (
  cve text primary key,
  epss double precision,
  epss_at timestamptz,
  kev_at timestamptz
);

-- What we declare: each version as a whole; the highest holds.
create table governance.risk_parameters (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  version integer not null,
  parameters jsonb not null,
  why text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (environment, version)
);
revoke update, delete on governance.risk_parameters from ironbark_app;
select platform.scope_rows('governance.risk_parameters');

-- Runs, each with what it was made from: the model can be run again to the same result.
create table governance.risk_run (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  at timestamptz not null,
  seed bigint not null,
  draws integer not null,
  model_hash text not null,
  -- gzip of the model's JSON
  model bytea not null,
  result jsonb not null,
  result_hash text not null,
  took_ms integer not null
);
create index on governance.risk_run (environment, at desc);
revoke update, delete on governance.risk_run from ironbark_app;
select platform.scope_rows('governance.risk_run');

create table governance.risk (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  title text not null,
  -- Of a run's outcome; null where it was written by hand, and then `judged` says what a person thinks.
  asset_id text,
  dimension text check (dimension in ('C', 'I', 'A')),
  judged jsonb,
  treatment text not null check (treatment in ('avoid', 'modify', 'share', 'retain')),
  plan text not null,
  owner text not null,
  due_at timestamptz,
  closed_at timestamptz,
  created_at timestamptz not null,
  check ((asset_id is null) = (dimension is null) and (asset_id is null) = (judged is not null))
);
select platform.scope_rows('governance.risk');

-- Who accepted a risk up to which probability, until when. Lapsing is written once and never taken back.
create table governance.risk_acceptance (
  id text primary key,
  risk_id text not null references governance.risk (id),
  tenancy_id text not null,
  ceiling double precision not null check (ceiling > 0 and ceiling <= 1),
  until timestamptz not null,
  why text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  lapsed_at timestamptz,
  lapsed_because text
);
create unique index risk_acceptance_in_force on governance.risk_acceptance (risk_id) where lapsed_at is null;
revoke update, delete on governance.risk_acceptance from ironbark_app;
grant update (lapsed_at, lapsed_because) on governance.risk_acceptance to ironbark_app;
select platform.scope_rows('governance.risk_acceptance');

create table governance.risk_event (
  risk_id text not null references governance.risk (id),
  tenancy_id text not null,
  at timestamptz not null,
  what text not null,
  note text not null,
  by_name text not null
);
create index on governance.risk_event (risk_id, at);
revoke update, delete on governance.risk_event from ironbark_app;
select platform.scope_rows('governance.risk_event');
