-- What makes an organisation eligible, looked at again each year.
alter table community.organisation
  add column abn text,
  add column eligibility text check (eligibility in ('government', 'critical-industry', 'supplier')),
  add column eligibility_evidence text,
  add column eligibility_reviewed_at timestamptz,
  add column eligibility_reviewed_by text;

-- What was there before this life cycle was being serviced.
alter table community.tenancy
  add column state text not null default 'active'
    check (state in ('invited', 'commencing', 'active', 'suspended', 'leaving', 'left')),
  add column state_since timestamptz,
  add column retained_until timestamptz;
update community.tenancy set state_since = created_at;
alter table community.tenancy alter column state set default 'invited';
alter table community.tenancy alter column state_since set not null;

create table community.tenancy_change (
  tenancy_id text not null references community.tenancy (id),
  number integer not null,
  from_state text not null,
  to_state text not null,
  reason text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenancy_id, number)
);
select platform.scope_rows('community.tenancy_change');

-- The service catalogue: data of the provider.
create table community.service (
  id text primary key,
  name text not null,
  about text not null,
  offered boolean not null default true
);
insert into community.service (id, name, about) values
  ('iaas', 'Infrastructure', 'Virtual machines, storage and networks'),
  ('containers', 'Containers', 'Managed Kubernetes clusters'),
  ('object-storage', 'Object storage', 'Buckets over an S3 interface'),
  ('backup', 'Backup', 'Copies of machines and data, kept and restored on request'),
  ('disaster-recovery', 'Disaster recovery', 'Replication to a second site and a rehearsed start there'),
  ('monitoring', 'Security monitoring', 'The provider watches the organisation''s own logs'),
  ('connectivity', 'Connectivity', 'Private links and encrypted tunnels into the environment');

create table community.tenancy_service (
  tenancy_id text not null references community.tenancy (id),
  service_id text not null references community.service (id),
  since timestamptz not null,
  primary key (tenancy_id, service_id)
);
select platform.scope_rows('community.tenancy_service');

-- What has to be there before a tenancy is serviced. `met_by` says how it is known: somebody records evidence, or the
-- system looks (contacts, offices, agreement, eligibility).
create table community.condition (
  id text primary key,
  name text not null,
  about text not null,
  met_by text not null check (met_by in ('evidence', 'eligibility', 'contacts', 'offices', 'agreement')),
  -- Markings of the environments it is asked in; empty: in all.
  markings text[] not null,
  asked boolean not null default true
);
insert into community.condition (id, name, about, met_by, markings) values
  ('eligibility', 'Eligible', 'The basis of eligibility is recorded and was reviewed within a year', 'eligibility', '{}'),
  ('agreement', 'Agreement accepted', 'The community''s agreement is accepted for this environment', 'agreement', '{}'),
  ('contacts', 'Incident contacts', 'Every severity of the incident reporting matrix has somebody to call', 'contacts', '{}'),
  ('offices', 'Offices filled', 'A chief information or information security officer, and a security officer, are verified', 'offices', '{}'),
  ('business-impact', 'Business impact assessment', 'The organisation''s business impact assessment was received', 'evidence', '{}'),
  ('monitoring', 'Monitoring confirmed', 'The organisation monitors its systems as the ISM asks, or takes the provider''s service', 'evidence', '{PROTECTED}'),
  ('procedures', 'Security procedures delivered', 'The organisation''s CISO confirmed receipt of the security procedures', 'evidence', '{PROTECTED}');

create table community.condition_evidence (
  tenancy_id text not null references community.tenancy (id),
  condition_id text not null references community.condition (id),
  evidence text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (tenancy_id, condition_id)
);
select platform.scope_rows('community.condition_evidence');
