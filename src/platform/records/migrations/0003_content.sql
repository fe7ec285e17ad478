-- Content packs: imported rules, maps and lists, in versions (src/platform/content). They belong to the whole system.
create table platform.content_pack (
  id text primary key,
  kind text not null,
  name text not null,
  version text not null,
  sha256 text not null,
  origin text not null,
  imported_at timestamptz not null,
  imported_by text not null,
  files integer not null,
  bytes bigint not null,
  active boolean not null,
  -- gzip of the files as JSON
  archive bytea not null,
  unique (kind, name, sha256)
);
create unique index content_pack_active on platform.content_pack (kind, name) where active;
create table platform.content_activation (
  number bigint generated always as identity primary key,
  kind text not null,
  name text not null,
  pack_id text not null references platform.content_pack on delete cascade,
  at timestamptz not null,
  by text not null
);
