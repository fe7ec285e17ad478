create schema if not exists soc;

create table soc.alert (
  id text primary key,
  tenancy_id text not null,
  rule_id text not null,
  title text not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low', 'informational')),
  state text not null default 'new' check (state in ('new', 'acknowledged', 'closed')),
  escalated boolean not null default false,
  origin text not null check (origin in ('sigma', 'ironbark')),
  -- The rule as it stood at the first detection: author, licence, description, references, false positives, tags.
  rule jsonb not null,
  attack text[] not null,
  entities jsonb not null,
  -- 'kind:value' in lower case, for looking up.
  entity_keys text[] not null,
  -- What it is grouped by: the first entity, or 'storm' for what the storm valve took together.
  group_key text not null,
  detections bigint not null,
  -- Of those, counted without being kept one by one.
  suppressed bigint not null default 0,
  first_event_at timestamptz not null,
  last_event_at timestamptz not null,
  received_at timestamptz not null,
  created_at timestamptz not null,
  assignee_id text,
  assignee_name text,
  outcome text check (outcome in ('true-positive', 'benign', 'false-positive', 'duplicate')),
  close_reason text,
  closed_at timestamptz,
  closed_by text,
  demo boolean not null default false,
  -- Bumped by every decision of a person, not by a further detection.
  revision integer not null default 1,
  -- From soc.alert_change_number at every change of any kind: where a stream goes on.
  change_number bigint not null,
  -- The first of them.
  opened_number bigint not null,
  check ((state = 'closed') = (outcome is not null and closed_at is not null))
);
create sequence soc.alert_change_number;
create index alert_newest on soc.alert (created_at desc, id desc);
create index alert_tenancy_newest on soc.alert (tenancy_id, created_at desc, id desc);
create index alert_open_group on soc.alert (tenancy_id, rule_id, group_key) where state <> 'closed';
create index alert_decided on soc.alert (tenancy_id, rule_id, group_key, closed_at desc) where state = 'closed';
create index alert_entity on soc.alert using gin (entity_keys);
create index alert_change_order on soc.alert (change_number);
select platform.scope_rows('soc.alert');

create table soc.detection (
  id text primary key,
  tenancy_id text not null,
  alert_id text not null references soc.alert (id),
  rule_id text not null,
  rule_version text not null,
  source_id text not null,
  event_at timestamptz not null,
  received_at timestamptz not null,
  event_uids text[] not null,
  reasons jsonb not null,
  -- JSON text as received: not jsonb, which refuses what logs may hold (NUL, half surrogates) and reorders keys.
  event text not null
);
create index detection_alert on soc.detection (alert_id, event_at);
select platform.scope_rows('soc.detection');

create table soc.alert_change (
  id bigint generated always as identity primary key,
  tenancy_id text not null,
  alert_id text not null references soc.alert (id),
  at timestamptz not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  note text,
  outcome text
);
create index alert_change_alert on soc.alert_change (alert_id, id);
select platform.scope_rows('soc.alert_change');

create table soc.alert_undo (
  token_sha256 text not null,
  tenancy_id text not null,
  actor_id text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- [{ id, revision (after the action), before: {…} }]
  items jsonb not null,
  primary key (token_sha256, tenancy_id)
);
select platform.scope_rows('soc.alert_undo');

-- The valve: what a rule did to one tenancy in one minute of the system's clock.
create table soc.storm (
  tenancy_id text not null,
  rule_id text not null,
  minute timestamptz not null,
  opened integer not null,
  kept integer not null,
  suppressed bigint not null,
  primary key (tenancy_id, rule_id, minute)
);
select platform.scope_rows('soc.storm');

create table soc.rule_hit (
  tenancy_id text not null,
  rule_id text not null,
  hits bigint not null,
  last_hit_at timestamptz not null,
  primary key (tenancy_id, rule_id)
);
select platform.scope_rows('soc.rule_hit');

-- A person of another organisation looked at this tenancy's alerts or events: at least once in this hour.
create table soc.cross_tenancy_read (
  tenancy_id text not null,
  actor_id text not null,
  actor_name text not null,
  actor_organisation text not null,
  hour timestamptz not null,
  what text not null,
  first_at timestamptz not null,
  primary key (tenancy_id, actor_id, hour, what)
);
select platform.scope_rows('soc.cross_tenancy_read');
