-- The provider's own documents: policies, standards, plans and procedures, in versions that are never altered.
create table governance.document (
  id text primary key,
  kind text not null check (kind in ('policy', 'standard', 'plan', 'procedure')),
  title text not null,
  owner text not null references community.person (id),
  -- Empty: of the organisation as a whole; else of these systems.
  environments text[] not null,
  controls text[] not null,
  frameworks text[] not null,
  -- Which of the required documents it is.
  required text,
  review_months integer not null check (review_months between 1 and 12),
  acknowledge_days integer not null check (acknowledge_days between 1 and 365),
  -- { everybody, offices, people }
  audience jsonb not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  retired_why text
);
create unique index document_required on governance.document (required, environments) where required is not null and retired_at is null;

create table governance.document_version (
  document_id text not null references governance.document (id),
  number integer not null,
  text text not null,
  sha256 text not null,
  summary text not null,
  -- A change that nobody has to read again.
  minor boolean not null,
  author_id text not null,
  author_name text not null,
  created_at timestamptz not null,
  approved_at timestamptz,
  approved_by text references community.person (id),
  approved_by_name text,
  approved_office text,
  effective_at timestamptz,
  primary key (document_id, number)
);

create table governance.document_review (
  document_id text not null references governance.document (id),
  version integer not null,
  outcome text not null check (outcome in ('stands', 'change-needed')),
  note text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null
);
create index document_review_document on governance.document_review (document_id, at);

create table governance.document_acknowledgement (
  document_id text not null,
  version integer not null,
  person_id text not null references community.person (id),
  sha256 text not null,
  at timestamptz not null,
  primary key (document_id, version, person_id),
  foreign key (document_id, version) references governance.document_version (document_id, number)
);

create table governance.document_reminder (
  document_id text not null references governance.document (id),
  person_id text not null references community.person (id),
  about text not null check (about in ('acknowledge', 'review')),
  version integer not null,
  deadline timestamptz not null,
  days_before integer not null,
  at timestamptz not null,
  primary key (document_id, person_id, about, version, deadline, days_before)
);
revoke update, delete on governance.document_review, governance.document_acknowledgement, governance.document_reminder from ironbark_app;
-- A version is approved once; its text is what it is.
revoke update, delete on governance.document_version from ironbark_app;
grant update (approved_at, approved_by, approved_by_name, approved_office, effective_at)
  on governance.document_version to ironbark_app;
