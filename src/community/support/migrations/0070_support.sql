-- Remote support sessions: asked for, approved by both sides, recorded, countersigned (src/community/support).
create table community.support_session (
  id text primary key,
  tenancy_id text not null references community.tenancy (id),
  kind text not null check (kind in ('planned', 'break-glass')),
  state text not null,
  -- Canonical JSON (RFC 8785) of what is asked for, and its SHA-256: what both sides approve.
  record text not null,
  digest bytea not null,
  -- Who did what in it: requester, engineers, systems, approvals with their signatures, end, summary, review.
  detail jsonb not null,
  minutes integer not null,
  requested_at timestamptz not null,
  -- Past this the approvals given so far are worth nothing.
  expires_at timestamptz not null,
  started_at timestamptz,
  ends_at timestamptz,
  ended_at timestamptz,
  review_due_at timestamptz,
  reviewed_at timestamptz
);
create index support_session_newest on community.support_session (tenancy_id, requested_at desc);
create index support_session_open on community.support_session (state)
  where state in ('requested', 'customer-approved', 'provider-approved', 'live');
select platform.scope_rows('community.support_session');

-- A certificate that an engineer was given. Its serial leads back to the person.
create table community.support_certificate (
  serial text primary key,
  session_id text not null references community.support_session (id),
  tenancy_id text not null,
  user_id text not null,
  fingerprint text not null,
  source_address text not null,
  -- How the engineer was signed in to the page when it was given; null for an API token.
  signed_in_at timestamptz,
  passkey boolean not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null
);
select platform.scope_rows('community.support_certificate');

-- One terminal or command, recorded as asciicast v2.
create table community.support_recording (
  session_id text not null references community.support_session (id),
  number integer not null,
  tenancy_id text not null,
  engineer jsonb not null,
  system text not null,
  kind text not null check (kind in ('shell', 'exec')),
  command text,
  address text not null,
  -- The recording's own key, sealed with the data folder's.
  sealed_key bytea not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  chunks integer not null default 0,
  bytes bigint not null default 0,
  -- SHA-256 over the hash before and the chunk's; the ledger holds each.
  head bytea not null,
  primary key (session_id, number)
);
select platform.scope_rows('community.support_recording');

create table community.support_chunk (
  session_id text not null,
  recording integer not null,
  number integer not null,
  tenancy_id text not null,
  at timestamptz not null,
  -- AES-256-GCM: nonce, ciphertext, tag; bound to session, recording, number and the hash before.
  sealed bytea not null,
  hash bytea not null,
  primary key (session_id, recording, number),
  foreign key (session_id, recording) references community.support_recording (session_id, number)
);
select platform.scope_rows('community.support_chunk');

-- Who played what back.
create table community.support_playback (
  id bigint generated always as identity primary key,
  session_id text not null,
  recording integer not null,
  tenancy_id text not null,
  actor_id text not null,
  actor_name text not null,
  organisation text not null,
  at timestamptz not null
);
create index support_playback_newest on community.support_playback (tenancy_id, at desc);
select platform.scope_rows('community.support_playback');

-- A customer's approval given beforehand, for emergencies only.
create table community.support_standing (
  id text primary key,
  tenancy_id text not null references community.tenancy (id),
  record text not null,
  approval jsonb not null,
  given_at timestamptz not null,
  expires_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text
);
select platform.scope_rows('community.support_standing');

-- What an officer must be told at once.
create table community.support_notice (
  id text primary key,
  session_id text not null references community.support_session (id),
  tenancy_id text not null,
  organisation_id text not null,
  office text not null,
  text text not null,
  at timestamptz not null,
  seen_at timestamptz,
  seen_by text
);
create index support_notice_unseen on community.support_notice (organisation_id) where seen_at is null;
select platform.scope_rows('community.support_notice');
