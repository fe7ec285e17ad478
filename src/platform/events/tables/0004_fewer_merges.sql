-- What storing a row costs is mostly merging: every merge reads, sorts and writes it again. Parts wait until 20 of them
-- make one, so that a row is written log20 times instead of log5. Texts in one stream and no statistics of 125 columns:
-- cheaper to write, and 20 bytes a row less (docs/decisions/0010-the-event-table.md, bench/events.ts).
ALTER TABLE event MODIFY SETTING min_parts_to_merge_at_once = 20, merge_selector_base = 16, string_serialization_version = 'single_stream', auto_statistics_types = '', merge_max_block_size_bytes = 4194304;
