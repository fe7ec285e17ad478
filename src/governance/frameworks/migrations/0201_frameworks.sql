-- An edition of a framework as it was read from its content pack. Global: the same for every system, and never altered.
create table governance.edition (
  id text primary key,
  framework text not null,
  version text not null,
  title text not null,
  -- Who wrote it and under what terms, as the file says.
  origin text not null,
  oscal_version text not null,
  published_at timestamptz,
  -- Written for this project and shipped with it.
  own boolean not null,
  -- What it does not carry: 'the standard's text is not in it'.
  remark text not null,
  pack_id text not null,
  imported_at timestamptz not null,
  imported_by text not null,
  unique (framework, version)
);

create table governance.edition_control (
  edition_id text not null references governance.edition (id),
  control_id text not null,
  -- False for principles and other entries that nobody assesses.
  assessed boolean not null,
  label text not null,
  title text not null,
  statement text not null,
  -- SHA-256 in hex: what answers and checks are bound to. The revision can't be trusted to change with the words.
  statement_hash text not null,
  guidance text not null,
  -- Titles of the groups around it, outermost first.
  path text[] not null,
  applicability text[] not null,
  e8_levels text[] not null,
  revision integer,
  updated text,
  sort_id text not null,
  -- In the order of the catalogue.
  position integer not null,
  primary key (edition_id, control_id)
);

-- A selection of an edition's controls, resolved.
create table governance.edition_profile (
  edition_id text not null references governance.edition (id),
  profile text not null,
  title text not null,
  -- From a profile file that was imported with it, or taken from the applicability the controls state.
  derived boolean not null,
  control_ids text[] not null,
  primary key (edition_id, profile)
);

-- Which edition and profile a system is assessed against; the newest row of a framework counts, and none is altered.
create table governance.activation (
  number bigint generated always as identity primary key,
  environment text not null references community.environment (id),
  tenancy_id text not null,
  framework text not null,
  -- Null: the framework is put aside.
  edition_id text references governance.edition (id),
  profile text,
  by_id text not null,
  by_name text not null,
  at timestamptz not null
);
create index activation_newest on governance.activation (environment, framework, number desc);
select platform.scope_rows('governance.activation');

-- Controls taken in beyond the profile, or left out of it: proposed by one, approved by another.
create table governance.tailoring (
  environment text not null references community.environment (id),
  tenancy_id text not null,
  control_id text not null,
  version integer not null,
  choice text not null check (choice in ('include', 'exclude', 'as-profile')),
  state text not null check (state in ('proposed', 'approved', 'refused', 'withdrawn')),
  reason text not null,
  proposed_by_id text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  by_id text not null,
  by_name text not null,
  note text not null,
  at timestamptz not null,
  primary key (environment, control_id, version)
);
select platform.scope_rows('governance.tailoring');

-- That a control of one framework answers (a part of) a control of another.
create table governance.mapping (
  id text not null,
  version integer not null,
  source_control text not null,
  target_control text not null,
  -- What the source asks, beside what the target asks.
  relation text not null check (relation in ('equal', 'superset', 'subset', 'intersects')),
  -- With the other parts that say so, the target is covered whole.
  together boolean not null,
  confidence text not null check (confidence in ('high', 'medium', 'low')),
  rationale text not null,
  author text not null,
  ended boolean not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null,
  primary key (id, version)
);
create index mapping_target on governance.mapping (target_control);
revoke update, delete on governance.edition, governance.edition_control, governance.edition_profile,
  governance.activation, governance.tailoring, governance.mapping from ironbark_app;
