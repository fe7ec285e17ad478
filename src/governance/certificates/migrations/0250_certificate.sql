-- What an assessor outside has found of systems of ours: its scope, dates and conditions, every change of them, the report.
create table governance.certificate (
  id text primary key,
  scheme text not null check (scheme in ('irap', 'iso-27001', 'hosting', 'other')),
  -- Everything else that is said of it, as its contract has it; a change is a new state in the history.
  about jsonb not null,
  created_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_why text
);

create table governance.certificate_change (
  certificate_id text not null references governance.certificate (id),
  number integer not null,
  what text not null,
  note text not null,
  -- As it stood after the change.
  about jsonb not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (certificate_id, number)
);

create table governance.certificate_report (
  certificate_id text not null references governance.certificate (id),
  sha256 text not null,
  name text not null,
  bytes integer not null,
  content bytea not null,
  at timestamptz not null,
  by_name text not null,
  primary key (certificate_id, sha256)
);

-- A change of a system that an assessor would want to know of.
create table governance.significant_change (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  what text not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  recorded_at timestamptz not null
);
select platform.scope_rows('governance.significant_change');
revoke update, delete on governance.certificate_change, governance.certificate_report, governance.significant_change from ironbark_app;
