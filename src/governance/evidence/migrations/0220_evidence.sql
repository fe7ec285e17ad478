-- One import, or one look of the system at itself. Never changed, never deleted.
create table governance.evidence_collection (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  kind text not null,
  source text not null,
  origin text not null,
  importer text not null,
  -- The same content twice is one collection.
  identity text not null,
  hash text not null,
  -- Of the file as it was received; null where there was none.
  raw_bytes bigint,
  collected_at timestamptz not null,
  expires_at timestamptz not null,
  received_at timestamptz not null,
  covered bigint not null,
  -- Null: nobody knows how many there are.
  population bigint,
  basis text not null,
  facts bigint not null,
  packed_bytes bigint not null,
  ceiling text not null check (ceiling in ('direct', 'proxy', 'partial', 'attested')),
  by_kind text not null,
  by_id text not null,
  by_name text not null,
  report jsonb not null,
  check (expires_at > collected_at),
  unique (environment, identity)
);
create index on governance.evidence_collection (environment, kind, source, collected_at desc);
create index on governance.evidence_collection (environment, expires_at);
revoke update, delete on governance.evidence_collection from ironbark_app;
select platform.scope_rows('governance.evidence_collection');

-- The facts of a collection in packed parts, in the order of the file.
create table governance.evidence_part (
  collection_id text not null references governance.evidence_collection (id),
  tenancy_id text not null,
  part integer not null,
  facts integer not null,
  packed bytea not null,
  primary key (collection_id, part)
);
revoke update, delete on governance.evidence_part from ironbark_app;
select platform.scope_rows('governance.evidence_part');

-- What evaluators keep of a collection, by evaluator and version: worked out again whenever it is missing.
create table governance.evidence_sum (
  collection_id text primary key references governance.evidence_collection (id),
  tenancy_id text not null,
  sums jsonb not null
);
select platform.scope_rows('governance.evidence_sum');

-- What each evaluator says of a system now.
create table governance.evidence_judgement (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  evaluator text not null,
  version integer not null,
  controls text[] not null,
  judgement jsonb not null,
  collections text[] not null,
  -- What it was judged from, as a hash: the same input is not judged again.
  input text not null,
  judged_at timestamptz not null,
  valid_until timestamptz not null,
  -- What runs out then, and what would settle it.
  runs_out text not null,
  settle text[] not null,
  primary key (environment, evaluator)
);
select platform.scope_rows('governance.evidence_judgement');

-- What it said whenever that changed.
create table governance.evidence_judgement_change (
  id bigint generated always as identity primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  evaluator text not null,
  version integer not null,
  controls text[] not null,
  judgement jsonb not null,
  collections text[] not null,
  judged_at timestamptz not null
);
create index on governance.evidence_judgement_change (environment, evaluator, judged_at desc);
revoke update, delete on governance.evidence_judgement_change from ironbark_app;
select platform.scope_rows('governance.evidence_judgement_change');

-- A control that an evaluator found not met. Closed by a passing judgement and by nothing else.
create table governance.evidence_finding (
  id text primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control text not null,
  evaluator text not null,
  -- drift: it was met before.
  origin text not null check (origin in ('drift', 'first')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  because text not null,
  failed bigint not null,
  failing jsonb not null,
  owner_id text,
  owner_name text,
  -- From when its time to be fixed runs: from its opening, or from the end of the last acceptance.
  clock_from timestamptz not null,
  due_at timestamptz not null,
  -- The risk acceptance it is under, as last seen.
  accepted_id text,
  accepted_until timestamptz,
  last_status text not null,
  last_judged_at timestamptz not null
);
create unique index on governance.evidence_finding (environment, control, evaluator) where closed_at is null;
create index on governance.evidence_finding (environment, opened_at desc);
revoke delete on governance.evidence_finding from ironbark_app;
select platform.scope_rows('governance.evidence_finding');

create table governance.evidence_finding_event (
  id bigint generated always as identity primary key,
  finding_id text not null references governance.evidence_finding (id),
  tenancy_id text not null,
  at timestamptz not null,
  what text not null,
  by_id text not null,
  by_name text not null,
  note text not null
);
create index on governance.evidence_finding_event (finding_id, id);
revoke update, delete on governance.evidence_finding_event from ironbark_app;
select platform.scope_rows('governance.evidence_finding_event');
