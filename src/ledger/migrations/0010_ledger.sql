create schema ledger;

-- Append-only: one row an entry, chained by hash. What concerns the whole community has no tenancy.
create table ledger.entry (
  sequence bigint primary key check (sequence > 0),
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject text not null,
  tenancy_id text,
  facts jsonb not null,
  previous_hash bytea not null,
  hash bytea not null
);

create index entry_tenancy on ledger.entry (tenancy_id, sequence);
create index entry_subject on ledger.entry (subject, sequence);

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger takes no changes' using errcode = 'restrict_violation';
end
$$;

create trigger entry_stays before update or delete on ledger.entry
  for each row execute function ledger.refuse_change();
create trigger entry_stays_whole before truncate on ledger.entry
  for each statement execute function ledger.refuse_change();

revoke update, delete, truncate on ledger.entry from ironbark_app;
