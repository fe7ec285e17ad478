/**
 * Asking the event store in the query bar's language: pages, counts over time, top values, live tail.
 * Not here: rules over the stream (soc/detect). No caller's text is ever part of a query: values are parameters, names are
 * columns of the catalogue or parameters.
 * INVARIANT: nothing is asked without the actor's scope, and what lies outside it is not there.
 */
export { catalogueOf, type Catalogue } from './catalogue.ts';
export type { Condition } from './condition.ts';
export * from './errors.ts';
export { routes as searchRoutes } from './routes.ts';
export { facets, histogram, search, type SearchDeps, type Searcher } from './search.ts';
