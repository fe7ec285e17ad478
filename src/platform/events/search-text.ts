/**
 * What free text is searched in: message, raw and the values of every native field, in lower case. A message that is a
 * field's value too (Windows) is there once. The event table's index (tables/0005_words.sql) is on exactly this expression
 * and search asks exactly it with `hasToken`, so that an answer never depends on the state of an index.
 */
export const searchText =
  "lower(concat(if(has(mapValues(fields), message), '', message), ' ', raw, ' ', arrayStringConcat(mapValues(fields), ' ')))";
