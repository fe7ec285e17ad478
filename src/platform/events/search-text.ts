/**
 * What free text is searched in: message, raw and the values of every native field, in lower case. The event table's
 * index (tables/0002_search_text.sql) is on exactly this expression and search asks exactly it with `hasToken`, so that
 * an answer never depends on the state of an index.
 */
export const searchText = "lower(concat(message, ' ', raw, ' ', arrayStringConcat(mapValues(fields), ' ')))";
