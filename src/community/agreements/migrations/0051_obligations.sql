-- What an organisation did of what it owes by the policy (src/community/agreements); the provider's own under its own id.
create table community.obligation_done (
  id bigint generated always as identity primary key,
  organisation_id text not null references community.organisation (id),
  environment_id text not null references community.environment (id),
  -- As the policy calls it.
  obligation text not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  note text not null
);
create index obligation_done_of on community.obligation_done (organisation_id, environment_id, obligation, at);
create trigger obligation_done_stays before update or delete on community.obligation_done
  for each row execute function community.refuse_change();
