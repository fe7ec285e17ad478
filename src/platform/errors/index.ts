/**
 * The errors that cross a module's border: each has a code, a status and a sentence.
 * platform/http turns them into application/problem+json; anything else is a bare 500.
 */
export * from './errors.ts';
