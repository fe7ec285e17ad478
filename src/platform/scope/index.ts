/**
 * Tenancy in the type: ids that do not fit where another id belongs, and the Scope that every query takes.
 * Not here: who may have which scope (that is identity's and community's to say).
 * INVARIANT: a Scope is never empty.
 */
export * from './scope.ts';
