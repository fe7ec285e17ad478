-- Work that has to happen at least once, whatever dies in between (src/platform/jobs).
create table platform.job (
  id bigint generated always as identity primary key,
  kind text not null,
  -- Two waiting jobs of one kind with the same key are one.
  key text,
  payload jsonb not null,
  run_at timestamptz not null,
  attempts integer not null default 0,
  -- Until when a worker holds it; past that another may take it.
  leased_until timestamptz,
  -- Set when it was given up: kept to be looked at.
  failed_at timestamptz,
  last_error text
);
create unique index job_once on platform.job (kind, key) where key is not null and failed_at is null;
create index job_due on platform.job (run_at) where failed_at is null;
