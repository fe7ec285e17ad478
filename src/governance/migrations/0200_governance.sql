create schema governance;

-- How often the inputs of a system's assessment changed, and up to which of them it was assessed.
create table governance.input (
  environment text primary key references community.environment (id),
  revision bigint not null,
  changed_at timestamptz not null,
  assessed_revision bigint not null default 0,
  assessed_at timestamptz
);
