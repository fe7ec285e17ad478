/**
 * A rule as SQL, for hunting over stored events: a parameterised ClickHouse WHERE over the event table.
 * INVARIANT: the same answer as the matcher's for every row, or a fault that says what can't be expressed.
 */
export { ruleSql, type RuleSql } from './compile.ts';
