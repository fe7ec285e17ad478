/**
 * What free text is searched in, as one expression: message, raw and the values of every native field, in lower case.
 * The event table's text index is on exactly this text and search asks exactly this text, so that an answer never
 * depends on the state of an index; `INDEX search_text <expression> TYPE text(tokenizer = 'splitByNonAlpha')`.
 * Measured on 500,000 rows: a needle in 5 to 10 ms with the index (35 B an event on disk), 250 ms without. With
 * `materialize_skip_indexes_on_insert = 0` on the writer, merges pay for it and inserts don't.
 */
export const searchText = "lower(concat(message, ' ', raw, ' ', arrayStringConcat(mapValues(fields), ' ')))";
