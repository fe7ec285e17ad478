create schema if not exists soc;

-- What was read from each rule pack (platform.content_pack, kind 'rules'): its rules, and what is wrong with the rest.
create table soc.rule (
  pack_id text not null references platform.content_pack (id) on delete cascade,
  rule_id text not null,
  title text not null,
  level text not null,
  status text not null,
  author text not null,
  logsource jsonb not null,
  attack text[] not null,
  description text not null,
  reference_list jsonb not null,
  false_positives jsonb not null,
  path text not null,
  primary key (pack_id, rule_id)
);

create table soc.rule_fault (
  pack_id text not null references platform.content_pack (id) on delete cascade,
  place integer not null,
  file text not null,
  line integer not null,
  rule_id text,
  what text not null,
  why text not null,
  primary key (pack_id, place)
);

-- Rules switched off, whatever the version of their pack.
create table soc.rule_disabled (
  rule_id text primary key,
  at timestamptz not null,
  by text not null
);

create table soc.rule_exception (
  id text primary key,
  tenancy_id text not null,
  rule_id text not null,
  field text not null,
  value text not null,
  owner text not null,
  reason text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  removed_at timestamptz
);
create index rule_exception_rule on soc.rule_exception (rule_id);
select platform.scope_rows('soc.rule_exception');
