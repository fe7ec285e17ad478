-- The role that all work runs under. It owns nothing and cannot pass row-level security; transactions take it with
-- SET LOCAL ROLE. A role belongs to the whole PostgreSQL cluster, so another database may have made it already.
do $$
begin
  create role ironbark_app nologin nosuperuser nocreatedb nocreaterole noinherit;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
begin
  if not pg_has_role(current_user, 'ironbark_app', 'member') then
    execute format('grant ironbark_app to %I', current_user);
  end if;
end $$;

-- What later migrations make can be used by the role from the start; a module that wants less revokes it.
alter default privileges grant usage on schemas to ironbark_app;
alter default privileges grant select, insert, update, delete on tables to ironbark_app;
alter default privileges grant usage, select on sequences to ironbark_app;
grant usage on schema platform to ironbark_app;

-- The tenancies this transaction may see; null (so no row) where nobody said.
create function platform.scope_tenancies() returns text[] language sql stable parallel safe
  as $$ select string_to_array(nullif(current_setting('ironbark.scope', true), ''), ',') $$;

-- True for the system's own work, which is bound to no tenancy.
create function platform.is_system() returns boolean language sql stable parallel safe
  as $$ select coalesce(current_setting('ironbark.system', true), '') = 'on' $$;

-- Shows and takes only rows whose tenancy_id is in the transaction's scope. Call it once for each such table.
create function platform.scope_rows(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  -- In a sub-select the functions run once a statement, not once a row.
  execute format(
    'create policy in_scope on %s using (tenancy_id = any ((select platform.scope_tenancies())::text[]) or (select platform.is_system()))',
    target);
end $$;
