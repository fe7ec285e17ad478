-- Which addresses are where, from lists the provider imports.
create table community.network_list (
  list text primary key,
  -- ISO 3166-1 alpha-2.
  country text not null check (country ~ '^[A-Z]{2}$'),
  origin text not null,
  sha256 text not null,
  ranges integer not null,
  imported_at timestamptz not null,
  imported_by text not null
);
create table community.network (
  list text not null references community.network_list (list) on delete cascade,
  range cidr not null,
  primary key (list, range)
);
create index network_range on community.network using gist (range inet_ops);

-- A person may work from elsewhere, as was agreed by two, for a time.
create table community.place_exception (
  id text primary key,
  person_id text not null references community.person (id),
  -- ISO 3166-1 alpha-2.
  countries text[] not null,
  risk_assessment text not null,
  reason text not null,
  proposed_by_id text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  agreed_by_id text,
  agreed_by_name text,
  agreed_at timestamptz,
  expires_at timestamptz not null,
  ended_at timestamptz,
  check (agreed_by_id is distinct from proposed_by_id)
);
create index place_exception_by_person on community.place_exception (person_id);

create table community.remote_work (
  id text primary key,
  person_id text not null references community.person (id),
  policy text not null,
  granted_by_id text not null,
  granted_by_name text not null,
  granted_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index remote_work_by_person on community.remote_work (person_id);

create table community.device (
  id text primary key,
  person_id text not null references community.person (id),
  name text not null,
  managed boolean not null,
  posture text not null check (posture in ('met', 'not-met', 'unknown')),
  posture_checked_at timestamptz,
  updated_at timestamptz not null
);
