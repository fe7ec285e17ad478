-- Where the pipeline is in the spool: everything before this position is stored, counted and detected. One row.
create table soc.checkpoint (
  id smallint primary key check (id = 1),
  segment bigint not null,
  byte_offset bigint not null,
  rules_version text not null,
  -- State of the running correlations as of this position.
  correlation bytea,
  committed_at timestamptz not null
);
