-- The provider's parameters, a row each time they were set. Without a row those that ship hold, as version 0.
create table community.gate_parameters (
  version integer primary key check (version > 0),
  parameters jsonb not null,
  reason text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null
);
revoke update, delete on community.gate_parameters from ironbark_app;

-- Other programs' words for what is here.
create table community.gate_application (
  id text primary key,
  definition jsonb not null,
  by_name text not null,
  at timestamptz not null
);

-- Every denial and every privileged permit, with the facts it was made from.
create table community.decision (
  id text primary key,
  at timestamptz not null,
  -- '' where the resource is in no tenancy: the provider's to see.
  tenancy_id text not null,
  organisation_id text not null,
  subject_organisation text not null,
  subject_id text not null,
  subject_name text not null,
  action text not null,
  resource_type text not null,
  resource_id text not null,
  permitted boolean not null,
  privileged boolean not null,
  -- authzen, envoy, nginx, kubernetes, page, system
  face text not null,
  caller_id text not null,
  caller_name text not null,
  request_id text not null,
  policy_version text not null,
  facts_hash text not null,
  -- RFC 8785; '' where the facts could not be read.
  facts text not null,
  reasons jsonb not null,
  to_mend text[] not null
);
select platform.scope_rows('community.decision');
create index decision_at on community.decision (at desc, id desc);
create index decision_subject on community.decision (subject_id, at desc);
create index decision_organisation on community.decision (organisation_id, at desc);
revoke update, delete on community.decision from ironbark_app;

-- Ordinary permits, a second's worth in one row: who is in it, and all of it compressed. The ledger has its hash.
create table community.permit_batch (
  id text primary key,
  from_at timestamptz not null,
  until_at timestamptz not null,
  count integer not null,
  -- SHA-256 of the lines.
  sha256 text not null,
  organisations text[] not null,
  subjects text[] not null,
  actions text[] not null,
  -- gzip of one JSON line a decision
  body bytea not null
);
create index permit_batch_until on community.permit_batch (until_at desc, id desc);
revoke update, delete on community.permit_batch from ironbark_app;

-- What somebody was denied and asked for. Mending it is another module's work; this is who asked, and what became of it.
create table community.gate_request (
  id text primary key,
  at timestamptz not null,
  tenancy_id text not null,
  organisation_id text not null,
  user_id text not null,
  user_name text not null,
  action text not null,
  resource_type text not null,
  resource_id text not null,
  gate text not null,
  note text not null,
  state text not null check (state in ('open', 'done', 'refused')),
  handled_by text,
  handled_at timestamptz
);
select platform.scope_rows('community.gate_request');
create index gate_request_state on community.gate_request (state, at desc);
