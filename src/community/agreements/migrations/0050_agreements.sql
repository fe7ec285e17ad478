-- The community's policy in versions, and who agreed to which (src/community/agreements). An organisation may agree before it
-- has a tenancy, so these rows belong to (organisation, environment) and are read under a stated system reason; the services
-- hold each customer to its own organisation.

create table community.policy_version (
  number integer primary key check (number > 0),
  policy text not null,
  title text not null,
  -- The Markdown, in its canonical form.
  source text not null,
  source_sha256 text not null,
  source_sha384 text not null,
  state text not null check (state in ('draft', 'approved', 'published')),
  change_class text not null check (change_class in ('editorial', 'minor', 'material', 'urgent')),
  summary text not null,
  made_at timestamptz not null,
  made_by jsonb not null,
  published_at timestamptz,
  effective_at timestamptz,
  -- Who did not agree by then is without an agreement; null: the version asks nobody to do anything.
  mandatory_at timestamptz,
  check ((state = 'published') = (published_at is not null and effective_at is not null))
);

create table community.policy_approval (
  version integer not null references community.policy_version (number) on delete cascade,
  approver_id text not null,
  approver_name text not null,
  at timestamptz not null,
  primary key (version, approver_id)
);

-- What happened between an organisation and the community in one environment, in order. Only ever added to.
create table community.agreement_event (
  sequence bigint generated always as identity primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  kind text not null check (kind in
    ('invited', 'reading', 'accepted', 'lapsed', 'withdrawn', 'suspended', 'resumed', 'terminated', 'confirmed')),
  at timestamptz not null,
  version integer references community.policy_version (number),
  -- Of a withdrawal: from when on.
  effective_at timestamptz,
  reason text,
  by_id text not null,
  by_name text not null
);
create index agreement_event_of on community.agreement_event (organisation_id, environment_id, sequence);

-- What was signed. `link` counts an organisation's acceptances in an environment: of two that follow the same one, one wins.
create table community.acceptance (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  link integer not null check (link > 0),
  version integer not null references community.policy_version (number),
  kind text not null check (kind in ('passkey', 'acknowledgement', 'paper')),
  at timestamptz not null,
  signer_user_id text,
  signer_name text not null,
  office text not null,
  appointment_id text,
  -- Canonical JSON (RFC 8785), as it was signed.
  record text not null,
  record_sha256 text not null,
  -- The passkey's answer; null for paper.
  assertion jsonb,
  -- The provider's counter-signature, a compact JWS (ES384).
  countersignature text not null,
  ledger_id text not null,
  constraint acceptance_link unique (organisation_id, environment_id, link)
);

-- One person reading one version for one environment. The digests are those of the text when the reading began.
create table community.agreement_reading (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  version integer not null references community.policy_version (number),
  user_id text not null,
  user_name text not null,
  begun_at timestamptz not null,
  source_sha256 text not null,
  rendered_sha256 text not null,
  -- The record that is being signed; each preparation replaces the one before.
  record text,
  ended_at timestamptz
);
create unique index agreement_reading_open on community.agreement_reading (organisation_id, environment_id, version, user_id)
  where ended_at is null;

create table community.agreement_reading_section (
  reading_id text not null references community.agreement_reading (id) on delete cascade,
  section text not null,
  opened_at timestamptz not null,
  agreed_at timestamptz,
  primary key (reading_id, section)
);

-- An acceptance signed on paper: one person records it, another confirms it with the file in hand.
create table community.paper_acceptance (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  version integer not null references community.policy_version (number),
  signer_name text not null,
  office text not null check (office in ('CIO', 'CISO')),
  signed_on date not null,
  evidence_name text not null,
  evidence_sha256 text not null check (evidence_sha256 ~ '^[0-9a-f]{64}$'),
  recorded_at timestamptz not null,
  recorded_by_id text not null,
  recorded_by_name text not null,
  acceptance_id text references community.acceptance (id),
  refused_at timestamptz
);

-- Said to whom, when: shown on their page and in the provider's list.
create table community.agreement_reminder (
  id bigint generated always as identity primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  about text not null check (about in ('agree', 'confirm-successor')),
  deadline timestamptz not null,
  days_before integer not null,
  at timestamptz not null,
  recipients jsonb not null,
  unique (organisation_id, environment_id, about, deadline, days_before)
);

-- One row. The revision tells caches that something changed; no clock of ours counts as earlier than `seen_until`.
create table community.agreement_standing (
  one boolean primary key default true check (one),
  revision bigint not null,
  seen_until timestamptz not null
);
insert into community.agreement_standing (revision, seen_until) values (0, '1970-01-01T00:00:00Z');

-- What was said stays said.
create function community.refuse_change() returns trigger language plpgsql
  as $$ begin raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation'; end $$;
create trigger agreement_event_stays before update or delete on community.agreement_event
  for each row execute function community.refuse_change();
create trigger acceptance_stays before update or delete on community.acceptance
  for each row execute function community.refuse_change();
create trigger policy_version_stays before update or delete on community.policy_version
  for each row when (old.state = 'published') execute function community.refuse_change();
