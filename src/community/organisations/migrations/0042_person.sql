create table community.person (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  name text not null,
  email text not null,
  -- The account this person signs in with.
  user_id text,
  started_at timestamptz not null,
  ended_at timestamptz,
  ended_reason text,
  -- Employment screening is attested until then.
  screened_until timestamptz,
  -- Their organisation attests that they hold a Baseline clearance until then.
  baseline_until timestamptz,
  created_at timestamptz not null
);
-- Who left and came back is somebody new.
create unique index person_email on community.person (organisation_id, lower(email)) where ended_at is null;
create unique index person_user on community.person (user_id) where ended_at is null;

create table community.contact (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  -- Empty: whatever it is about.
  topic text not null,
  rank integer not null check (rank between 1 and 20),
  name text not null,
  phone text not null,
  email text not null,
  confirmed_at timestamptz not null,
  confirmed_by text not null,
  unique (organisation_id, severity, topic, rank)
);

create table community.appointment (
  id text primary key,
  organisation_id text not null references community.organisation (id),
  person_id text not null references community.person (id),
  office text not null check (office in ('cio', 'ciso', 'coo', 'security-officer', 'approver', 'risk-owner')),
  evidence_kind text not null check (evidence_kind in ('letter', 'officer', 'call-back', 'delegation')),
  evidence text not null,
  months integer not null check (months between 1 and 24),
  may_delegate boolean not null,
  -- The appointment this one was delegated from: it holds no longer than that one.
  delegated_from text references community.appointment (id),
  proposed_by_id text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  -- Null until enough people have verified it.
  in_force_since timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  ended_reason text
);
create index appointment_by_organisation on community.appointment (organisation_id);
create index appointment_by_person on community.appointment (person_id);

create table community.verification (
  appointment_id text not null references community.appointment (id),
  user_id text not null,
  -- The verifier as a person of an organisation, where they are one.
  person_id text,
  name text not null,
  standing text not null check (standing in ('staff', 'officer')),
  note text not null,
  at timestamptz not null,
  primary key (appointment_id, user_id)
);
