-- Whether its events are old recordings, which keep their own time however old.
alter table soc.source add column recorded boolean not null default false;
