-- Every state a person's clearance was in: a change is a new row, and no row is ever changed.
create table community.clearance (
  person_id text not null references community.person (id),
  version integer not null,
  level text not null check (level in ('none', 'baseline', 'nv1', 'nv2', 'pv')),
  status text not null check (status in ('active', 'ceased', 'suspended', 'cancelled', 'review-for-cause')),
  sponsor text not null,
  sponsor_active boolean not null,
  granted_on date,
  revalidation_due_on date,
  confirmed_at timestamptz,
  confirmed_by text,
  confirmation_evidence text,
  -- ISO 3166-1 alpha-2 codes.
  citizenships text[] not null,
  waiver text,
  waiver_until timestamptz,
  change text not null check (change in ('set', 'confirmed', 'imported')),
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (person_id, version)
);
revoke update, delete on community.clearance from ironbark_app;
