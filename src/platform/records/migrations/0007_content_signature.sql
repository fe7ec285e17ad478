-- Who vouches for a pack, what its kind read in it, and whose signatures are taken.
alter table platform.content_pack add column signed_by text;
alter table platform.content_pack add column signed_at timestamptz;
-- Came with the program itself.
alter table platform.content_pack add column shipped boolean not null default false;
alter table platform.content_pack add column facts jsonb not null default '{}';
alter table platform.content_pack add column faults jsonb not null default '[]';
update platform.content_pack set shipped = true where origin = 'ships with Ironbark';
create table platform.content_key (
  id text primary key,
  name text not null,
  algorithm text not null check (algorithm in ('Ed25519', 'ES384')),
  public_key text not null,
  added_at timestamptz not null,
  added_by text not null
);
