-- Merges have a lower priority than storing and searching (chdb/merge-priority.ts): on a busy machine parts wait for a quieter
-- hour. From 300 of them in a month each insertion is held up a little, so that merging keeps pace.
ALTER TABLE event MODIFY SETTING parts_to_delay_insert = 300, parts_to_throw_insert = 1000;
