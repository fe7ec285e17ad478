/**
 * Records for tests: a fresh, migrated, in-memory PGlite in well under a second, from a cached template, or a PostgreSQL
 * server of the test's own. Not for anything but tests.
 */
export { engines, type OpenedRecords } from './engines.ts';
export { createTestRecords, testEngine } from './pglite-template.ts';
export { postgresPrograms, startPostgres } from './postgres-server.ts';
