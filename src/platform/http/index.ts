/**
 * The web server: who may call what, problems as RFC 9457, OpenAPI, live streams, the page's files.
 * Not here: who somebody is (identity), what a route does (each module's routes.ts).
 * INVARIANT: a route without a declared permission can't be registered; a change that comes with a cookie comes from
 * our own origin and carries the session's CSRF token.
 */
export { type Admission, type Credentials, type Gatekeeper, sessionCookie } from './access.ts';
export * from './errors.ts';
export { createHttp, type Http, type HttpOptions, type Routes } from './http.ts';
export type { Readiness } from './operations.ts';
export type { LiveStream, LiveStreams } from './stream.ts';
