-- The chain of hashes gives way to a transparency log: leaves wait in the order they were recorded, one sequencer gives
-- them their index, whole tiles keep the hashes of complete subtrees, checkpoints are signed.
-- What was in the chain is carried over at the next start (src/ledger/carry.ts) and leaves this table then.
alter table ledger.entry rename to old_entry;

-- Turns the name of a tenancy into a pseudonym that only this installation can compute.
create table ledger.pseudonym_key (key bytea not null check (octet_length(key) = 32));
insert into ledger.pseudonym_key
  values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

create sequence ledger.recorded;

-- Recorded, and without an index yet. Rows leave it only for ledger.leaf.
create table ledger.waiting (
  recorded bigint primary key,
  id uuid not null unique,
  leaf text not null,
  hash bytea not null check (octet_length(hash) = 32)
);

-- The log: `leaf` is canonical JSON, `hash` its hash as RFC 6962 has it.
create table ledger.leaf (
  index bigint primary key check (index >= 0),
  id uuid not null unique,
  leaf text not null,
  hash bytea not null check (octet_length(hash) = 32)
);

-- The readable part, bound to its leaf by a salted commitment, so that it can be erased without harm to any proof.
create table ledger.payload (
  recorded bigint primary key,
  id uuid not null unique,
  at timestamptz not null,
  action text not null,
  tenancy_id text,
  subject text,
  salt bytea check (octet_length(salt) = 32),
  body text,
  -- Its number in the chain of before, where it was in it.
  old_sequence bigint unique,
  check ((salt is null) = (body is null) and (body is null) = (subject is null))
);
create index payload_tenancy on ledger.payload (tenancy_id, recorded);
create index payload_subject on ledger.payload (subject, recorded);

create table ledger.erasure (
  id uuid primary key references ledger.payload (id),
  at timestamptz not null
);

-- 256 hashes of one level of tiles and the 255 that follow from them, row by row up to the root; whole tiles only.
create table ledger.tile (
  level smallint not null check (level between 0 and 63),
  index bigint not null check (index >= 0),
  nodes bytea not null check (octet_length(nodes) = 511 * 32),
  primary key (level, index)
);
-- Hashes do not compress, and one of them can be read without the rest.
alter table ledger.tile alter column nodes set storage external;

create table ledger.checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  at timestamptz not null
);

create table ledger.cosignature (
  size bigint not null references ledger.checkpoint (size),
  witness text not null,
  line text not null,
  seconds bigint not null,
  primary key (size, witness)
);

-- Keys that signed, and from which size on. A change of keys is there for everybody to see.
create table ledger.log_key (
  vkey text primary key,
  since_size bigint not null,
  at timestamptz not null
);

do $$
declare kept text;
begin
  foreach kept in array array['leaf', 'erasure', 'tile', 'checkpoint', 'cosignature', 'log_key', 'pseudonym_key'] loop
    execute format('create trigger stays before update or delete on ledger.%I for each row execute function ledger.refuse_change()', kept);
  end loop;
  foreach kept in array array['leaf', 'erasure', 'tile', 'checkpoint', 'cosignature', 'log_key', 'pseudonym_key', 'waiting', 'payload'] loop
    execute format('create trigger stays_whole before truncate on ledger.%I for each statement execute function ledger.refuse_change()', kept);
    execute format('revoke update, delete on ledger.%I from ironbark_app', kept);
  end loop;
end $$;
revoke insert on ledger.pseudonym_key from ironbark_app;

-- An entry leaves the waiting room for the log, and by no other door.
create function ledger.only_into_the_log() returns trigger language plpgsql as $$
begin
  if exists (select from gone left join ledger.leaf on leaf.id = gone.id and leaf.hash = gone.hash where leaf.id is null) then
    raise exception 'the ledger takes no changes' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger only_into_the_log after delete on ledger.waiting referencing old table as gone
  for each statement execute function ledger.only_into_the_log();
create trigger stays before update on ledger.waiting for each row execute function ledger.refuse_change();
grant delete on ledger.waiting to ironbark_app;

-- Of a payload only the readable part can go, and only after its erasure was written down.
create function ledger.only_erase() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.salt is null and new.body is null and new.subject is null
    and (new.recorded, new.id, new.at, new.action) = (old.recorded, old.id, old.at, old.action)
    and new.tenancy_id is not distinct from old.tenancy_id and new.old_sequence is not distinct from old.old_sequence
    and exists (select from ledger.erasure where erasure.id = old.id) then
    return new;
  end if;
  raise exception 'the ledger takes no changes' using errcode = 'restrict_violation';
end $$;
create trigger only_erase before update or delete on ledger.payload for each row execute function ledger.only_erase();
grant update (salt, body, subject) on ledger.payload to ironbark_app;

-- Everybody's work writes entries; who reads sees those of the tenancies in scope.
alter table ledger.payload enable row level security;
alter table ledger.payload force row level security;
create policy in_scope on ledger.payload for select
  using (tenancy_id = any ((select platform.scope_tenancies())::text[]) or (select platform.is_system()));
create policy written on ledger.payload for insert with check (true);
create policy erased on ledger.payload for update using ((select platform.is_system()));

-- Rows of the old chain may go once they are in the log.
drop trigger entry_stays on ledger.old_entry;
create trigger stays before update on ledger.old_entry for each row execute function ledger.refuse_change();
create function ledger.only_when_carried() returns trigger language plpgsql as $$
begin
  if exists (select from gone left join ledger.payload on old_sequence = gone.sequence where old_sequence is null) then
    raise exception 'the ledger takes no changes' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;
create trigger only_when_carried after delete on ledger.old_entry referencing old table as gone
  for each statement execute function ledger.only_when_carried();
grant delete on ledger.old_entry to ironbark_app;
