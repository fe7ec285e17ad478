-- What was answered for a control of a system: a change is a new row, and no row is ever altered.
create table governance.answer (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  version integer not null,
  -- The words it answers; with others it waits to be affirmed again.
  statement_hash text not null,
  status text not null check (status in ('Not Assessed', 'Effective', 'Alternate Control', 'Ineffective', 'No Visibility',
    'Not Implemented', 'Not Applicable')),
  responsible text check (responsible in ('Cloud Service Provider', 'Outsourced Service Provider', 'Consumer', 'Shared',
    'Not Applicable')),
  customer text check (customer in ('Inherited', 'Configurable', 'Not Offered', 'Consumer Responsibility',
    'Not Applicable')),
  narrative text not null,
  rests text not null check (rests in ('evidence', 'attested')),
  evaluators text[] not null,
  review_by timestamptz,
  relied_party text,
  relied_status text,
  owner_id text references community.person (id),
  change text not null check (change in ('answered', 'reaffirmed', 'imported')),
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (environment, control_id, version),
  check ((relied_party is null) = (relied_status is null))
);
select platform.scope_rows('governance.answer');

-- What was asked for a control and what became of it: every state is a row.
create table governance.control_exception (
  id text not null,
  version integer not null,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  statement_hash text not null,
  kind text not null check (kind in ('exception', 'risk-acceptance', 'not-applicable')),
  state text not null check (state in ('requested', 'approved', 'refused', 'withdrawn', 'ended', 'lapsed')),
  reason text not null,
  compensating text not null,
  -- A risk acceptance holds up to this and no further.
  ceiling_level text check (ceiling_level in ('low', 'medium', 'high', 'extreme')),
  ceiling_probability double precision check (ceiling_probability between 0 and 1),
  -- In force before this moment, not at it.
  until timestamptz not null,
  requested_by_id text not null,
  requested_by_name text not null,
  requested_at timestamptz not null,
  approved_by_name text,
  approved_office text,
  approved_at timestamptz,
  by_id text not null,
  by_name text not null,
  note text not null,
  at timestamptz not null,
  primary key (id, version)
);
create index control_exception_system on governance.control_exception (environment, control_id);
select platform.scope_rows('governance.control_exception');

-- What is left to one customer's tenancy, where it is not what holds for all. tenancy_id is the customer's.
create table governance.customer_responsibility (
  tenancy_id text not null,
  environment text not null references community.environment (id),
  control_id text not null,
  version integer not null,
  -- Null: as for all.
  responsibility text check (responsibility in ('Inherited', 'Configurable', 'Not Offered', 'Consumer Responsibility',
    'Not Applicable')),
  note text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenancy_id, control_id, version)
);
select platform.scope_rows('governance.customer_responsibility');

revoke update, delete on governance.answer, governance.control_exception, governance.customer_responsibility
  from ironbark_app;

-- How each control stood when it was last looked at: what the next look is compared with.
create table governance.standing (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  status text not null,
  basis text not null,
  confidence text,
  because text not null,
  unknown_why text,
  reaffirm boolean not null,
  exception_id text,
  since timestamptz not null,
  primary key (environment, control_id)
);
select platform.scope_rows('governance.standing');

-- Each time it stood otherwise than before. before_status is null for a control that was new.
create table governance.standing_change (
  number bigint generated always as identity primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  -- Null: it is no longer among the system's controls.
  status text,
  before_status text,
  basis text not null,
  confidence text,
  because text not null,
  reaffirm boolean not null,
  exception_id text,
  at timestamptz not null
);
create index standing_change_newest on governance.standing_change (environment, at desc, number desc);
create index standing_change_control on governance.standing_change (environment, control_id, number desc);
select platform.scope_rows('governance.standing_change');
revoke update, delete on governance.standing_change from ironbark_app;

-- How many stood how, each time that changed.
create table governance.standing_count (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  at timestamptz not null,
  counts jsonb not null,
  primary key (environment, at)
);
select platform.scope_rows('governance.standing_count');
