-- Changes of the platform: asked for, approved by somebody else, done in their window, closed with what came of them.
create table community.planned_change (
  id text primary key,
  -- The provider's own tenancy of the environment: a change of the platform is the provider's.
  tenancy_id text not null references community.tenancy (id),
  environment_id text not null references community.environment (id),
  title text not null,
  plan text not null,
  back_out text not null,
  risk text not null check (risk in ('low', 'medium', 'high')),
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  -- Set for an emergency: why it can't wait.
  emergency_reason text check (emergency_reason <> ''),
  state text not null check (state in ('draft', 'approved', 'rejected', 'closed')),
  requested_by text not null,
  requested_by_name text not null,
  requested_at timestamptz not null,
  decided_by text,
  decided_by_name text,
  decided_at timestamptz,
  decision_note text,
  closed_by_name text,
  closed_at timestamptz,
  outcome text check (outcome in ('done', 'backed-out', 'not-done')),
  outcome_note text,
  check (decided_by is distinct from requested_by),
  check ((decided_by is null) = (decided_at is null)),
  check (case state when 'draft' then decided_by is null when 'closed' then true else decided_by is not null end),
  check ((state = 'closed') = (outcome is not null))
);
create index planned_change_newest on community.planned_change (tenancy_id, requested_at desc);
select platform.scope_rows('community.planned_change');
revoke delete on community.planned_change from ironbark_app;
