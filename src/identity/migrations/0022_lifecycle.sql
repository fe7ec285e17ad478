-- Accounts that end without being forgotten: what they did stays in the ledger, so their rows stay too.
alter table identity.user
  -- The id by which a provisioning system (SCIM) knows the person.
  add column external_id text,
  -- Why the account is barred, where not an administrator barred it by hand.
  add column suspended_why text check (suspended_why in ('idle', 'unreviewed', 'review', 'deprovisioned')),
  add column reinstated_at timestamptz,
  add column reviewed_at timestamptz,
  add column removed_at timestamptz;
drop index identity.user_email;
create unique index user_email on identity.user (lower(email)) where removed_at is null;

alter table identity.session
  add column method text not null default 'password and code';

-- Where people sign in elsewhere (OpenID Connect), each for one organisation.
create table identity.issuer (
  id text primary key,
  name text not null,
  url text not null unique,
  client_id text not null,
  client_secret_sealed bytea,
  organisation_id text not null,
  -- Values of acr or amr, any of which says that the issuer checked two factors.
  strong jsonb not null,
  enabled boolean not null,
  created_at timestamptz not null
);
create table identity.issuer_attempt (
  state_hash bytea primary key,
  issuer_id text not null references identity.issuer (id) on delete cascade,
  -- Of the cookie of the browser that began: another browser can't finish.
  browser_hash bytea not null,
  verifier_sealed bytea not null,
  nonce text not null,
  expires_at timestamptz not null
);
create table identity.issuer_subject (
  issuer_id text not null references identity.issuer (id) on delete cascade,
  subject text not null,
  user_id text not null references identity.user (id) on delete cascade,
  linked_at timestamptz not null,
  primary key (issuer_id, subject)
);
create unique index issuer_subject_user on identity.issuer_subject (issuer_id, user_id);

create table identity.review (
  id text primary key,
  name text not null,
  -- Null: the whole community.
  organisation_id text,
  started_by text not null,
  started_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz
);
create table identity.review_item (
  review_id text not null references identity.review (id) on delete cascade,
  user_id text not null references identity.user (id) on delete cascade,
  roles jsonb not null,
  decision text check (decision in ('keep', 'remove')),
  reason text,
  decided_by text,
  decided_at timestamptz,
  primary key (review_id, user_id)
);

-- SOURCE: ISM-1611 to ISM-1615, break-glass accounts.
create table identity.break_glass (
  user_id text primary key references identity.user (id) on delete cascade,
  half_a_hash text,
  half_a_holder text,
  half_b_hash text,
  half_b_holder text,
  failures integer not null default 0,
  locked_until timestamptz,
  -- Set at each use: the halves are dead until two people made new ones.
  spent_at timestamptz,
  made_at timestamptz not null
);
create table identity.break_glass_use (
  id text primary key,
  user_id text not null references identity.user (id) on delete cascade,
  reason text not null,
  at timestamptz not null,
  test boolean not null,
  review_due_at timestamptz not null,
  reviewed_by text,
  reviewed_at timestamptz,
  outcome text
);
