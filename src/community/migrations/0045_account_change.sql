-- What an account may do, and how it is used, is a fact of decisions: every change of it is said on the community's feed
-- (changes.ts), by the database, so that no way of signing in or of managing accounts can forget to.
create function community.account_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('community_change', 'change account ' || coalesce(new.id, old.id));
  return null;
end $$;

create trigger account_changed
  after insert or delete or update of organisation_id, roles, state, barred, last_sign_in_at, reviewed_at, reinstated_at, removed_at
  on identity."user" for each row execute function community.account_changed();
