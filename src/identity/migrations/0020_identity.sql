create schema identity;

create table identity.user (
  id text primary key,
  name text not null,
  email text not null,
  -- Null: the first administrator, until the provider is set up.
  organisation_id text,
  roles jsonb not null,
  -- Empty: every tenancy of the organisation; for the provider's people, of the community.
  tenancies jsonb not null,
  -- invited: has a link; enrolling: has a password, no second factor yet; active.
  state text not null check (state in ('invited', 'enrolling', 'active')),
  password_hash text,
  totp_sealed bytea,
  -- The time step of the last code that was used: a code is good once.
  totp_last_step bigint not null default 0,
  failures integer not null default 0,
  locked_until timestamptz,
  -- By an administrator, until an administrator lifts it.
  barred boolean not null default false,
  last_sign_in_at timestamptz,
  created_at timestamptz not null
);
create unique index user_email on identity.user (lower(email));

create table identity.invitation (
  token_hash bytea primary key,
  -- Null: makes the first administrator.
  user_id text references identity.user (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table identity.session (
  secret_hash bytea primary key,
  user_id text not null references identity.user (id) on delete cascade,
  standing text not null check (standing in ('full', 'enrolling')),
  -- The link an enrolling person came with: used up when the second factor is confirmed.
  invitation_hash bytea,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_by_user on identity.session (user_id);
create index session_expiry on identity.session (expires_at);

create table identity.passkey (
  credential_id text primary key,
  user_id text not null references identity.user (id) on delete cascade,
  public_key bytea not null,
  counter bigint not null,
  transports jsonb not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkey_by_user on identity.passkey (user_id);

create table identity.challenge (
  challenge text primary key,
  purpose text not null check (purpose in ('register', 'sign-in')),
  user_id text references identity.user (id) on delete cascade,
  expires_at timestamptz not null
);

create table identity.api_token (
  id text primary key,
  name text not null,
  secret_hash bytea not null unique,
  -- Null: made by the machine's own administrator, on the command line.
  owner_id text references identity.user (id) on delete cascade,
  permissions jsonb not null,
  -- Empty: all that its owner may see.
  tenancies jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_token_owner on identity.api_token (owner_id);
