create schema community;

create table community.environment (
  id text primary key,
  name text not null,
  -- OFFICIAL, PROTECTED: as the badge shows it.
  marking text not null,
  created_at timestamptz not null
);

create table community.organisation (
  id text primary key,
  name text not null,
  kind text not null check (kind in ('provider', 'customer', 'partner')),
  demo boolean not null default false,
  created_at timestamptz not null
);
-- There is one provider.
create unique index organisation_provider on community.organisation (kind) where kind = 'provider';

create table community.tenancy (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  -- The provider's own network in the environment.
  internal boolean not null,
  created_at timestamptz not null,
  unique (organisation_id, environment_id)
);
