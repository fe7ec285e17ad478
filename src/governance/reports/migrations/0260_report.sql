-- An export of a system: asked for, made by a job, kept as it was made.
create table governance.report (
  id text primary key,
  environment text not null references community.environment (id),
  -- Whose it is: the provider's internal tenancy, or the customer's it was made for.
  tenancy_id text not null,
  kind text not null,
  -- A customer's tenancy, where it is about one.
  about_tenancy text,
  state text not null check (state in ('waiting', 'making', 'made', 'failed', 'cancelled')),
  progress double precision not null default 0,
  step text not null default '',
  asked_by_id text not null,
  asked_by_name text not null,
  asked_at timestamptz not null,
  ended_at timestamptz,
  as_at timestamptz,
  edition text,
  file_path text,
  file_bytes bigint,
  file_sha256 text,
  bundle bytea,
  bundle_bytes bigint,
  bundle_sha256 text,
  collections integer,
  proven integer,
  -- What the next one of its kind is compared with.
  summary jsonb,
  ledger_entry text,
  error text,
  check ((state = 'made') = (bundle is not null))
);
create index report_newest on governance.report (environment, asked_at desc);
select platform.scope_rows('governance.report');

-- The four columns "Guidance" of an SSP annex, as somebody wrote them: a change is a new row.
create table governance.annex_guidance (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  version integer not null,
  organisation text check (organisation in ('Yes', 'No', 'Out of Scope')),
  selecting text not null,
  technology text check (technology in ('Yes', 'No', 'Out of Scope')),
  implementing text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (environment, control_id, version)
);
select platform.scope_rows('governance.annex_guidance');
revoke update, delete on governance.annex_guidance from ironbark_app;
