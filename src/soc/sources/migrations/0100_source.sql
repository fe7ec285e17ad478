create schema if not exists soc;

create table soc.source (
  id text primary key,
  tenancy_id text not null,
  name text not null,
  authentication jsonb not null,
  -- SHA-256 of the token or password; null for the kinds without a secret.
  secret_hash bytea,
  format text,
  silent_after_seconds integer check (silent_after_seconds > 0),
  state text not null check (state in ('active', 'paused')),
  created_at timestamptz not null,
  -- From when silence counts: creation, or the last time it was made active.
  active_since timestamptz not null,
  -- Null while it speaks.
  silent_since timestamptz
);
create index source_tenancy on soc.source (tenancy_id);
create unique index source_secret on soc.source (secret_hash) where authentication->>'kind' = 'token';
create unique index source_username on soc.source ((authentication->>'username')) where authentication->>'kind' = 'basic';
create unique index source_fingerprint on soc.source ((authentication->>'sha256Fingerprint'))
  where authentication->>'kind' = 'client-certificate';
create unique index source_listener on soc.source ((authentication->>'listener'), (authentication->>'from'))
  where authentication->>'kind' = 'listener';
select platform.scope_rows('soc.source');

-- Apart from soc.source: the pipeline writes here at every checkpoint.
create table soc.source_balance (
  source_id text primary key references soc.source (id),
  tenancy_id text not null,
  -- Every item up to this sequence has been stored or rejected: stored + rejected = processed.
  processed bigint not null default 0,
  stored bigint not null default 0,
  rejected bigint not null default 0,
  -- Rejected before they came into the spool, so without a sequence.
  door_rejected bigint not null default 0,
  unmapped bigint not null default 0,
  duplicates bigint not null default 0,
  refused bigint not null default 0,
  last_event_at timestamptz
);
select platform.scope_rows('soc.source_balance');

create table soc.rejected_item (
  id text primary key,
  source_id text not null references soc.source (id),
  tenancy_id text not null,
  received_at timestamptz not null,
  code text not null,
  reason text not null,
  wire text not null check (wire in ('json', 'syslog', 'line')),
  peer text not null,
  client_id text not null,
  size_bytes bigint not null,
  -- The first 65,536 of them.
  bytes bytea not null,
  replayed_at timestamptz
);
create index rejected_item_newest on soc.rejected_item (source_id, id desc);
select platform.scope_rows('soc.rejected_item');
