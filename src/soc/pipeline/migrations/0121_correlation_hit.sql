-- What running correlations were fed since their state was last saved in soc.checkpoint: on start they are fed it again.
create table soc.correlation_hit (
  id bigint generated always as identity primary key,
  hits jsonb not null
);
