-- In the place of search_text: a message that is a field's value too is read once, two hashes a word instead of three.
-- Written when parts merge, not when they are stored (chdb/writer.ts): what is not merged yet is read without it.
ALTER TABLE event
  DROP INDEX search_text,
  ADD INDEX words lower(concat(if(has(mapValues(fields), message), '', message), ' ', raw, ' ', arrayStringConcat(mapValues(fields), ' ')))
  TYPE tokenbf_v1(131072, 2, 0) GRANULARITY 1;
