// The import rules of the house (docs/house.md). Layers from low to high; an import may point down only.
const layers = [
  ['packages', '^packages/'],
  ['platform', '^src/platform/'],
  ['ledger', '^src/ledger/'],
  ['identity', '^src/identity/'],
  ['community', '^src/community/'],
  ['assets, intel', '^src/(assets|intel)/'],
  ['vulnerability', '^src/vulnerability/'],
  ['soc, governance', '^src/(soc|governance)/'],
  ['essential-eight', '^src/essential-eight/'],
  ['app, cli', '^src/(app|cli)/'],
];

const pointsUp = layers.slice(0, -1).map(([name, path], at) => ({
  name: `layer-${name.replaceAll(/[^a-z]+/g, '-')}-points-up`,
  comment: `${name} may not import from a layer above it.`,
  severity: 'error',
  from: { path, pathNot: '\\.test\\.ts$' },
  to: {
    path: layers
      .slice(at + 1)
      .map(([, above]) => above)
      .join('|'),
  },
}));

const isTest = '(\\.test\\.ts$)|(/testing\\.ts$)|(^test/)|(^bench/)';

export default {
  forbidden: [
    ...pointsUp,
    {
      name: 'no-circles',
      severity: 'error',
      from: { pathNot: isTest },
      to: { circular: true },
    },
    {
      name: 'packages-are-pure',
      comment: 'An engine does no I/O: of Node only what computes.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|zlib|util|string_decoder)$' },
    },
    {
      name: 'soc-and-governance-meet-through-events-only',
      severity: 'error',
      from: { path: '^src/(soc|governance)/' },
      to: { path: '^src/(soc|governance)/', pathNot: ['^src/$1/', '/contract\\.ts$'] },
    },
    {
      name: 'modules-meet-at-their-face',
      comment: 'Across modules import #module or #contract/module, never a file inside.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: isTest },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '/index\\.ts$', '/contract\\.ts$'] },
    },
    {
      name: 'only-routes-know-fastify',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['/routes[a-z-]*\\.ts$', '^src/platform/http/', '^src/soc/ingest/', isTest],
      },
      to: { path: 'node_modules/(fastify|@fastify)/' },
    },
    {
      name: 'only-stores-speak-sql',
      severity: 'error',
      from: { path: '^src/', pathNot: ['/store[a-z-]*\\.ts$', '^src/platform/(records|events)/', isTest] },
      to: {
        path: 'node_modules/(kysely|pg|@electric-sql|@clickhouse|chdb)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'contracts-are-pure',
      severity: 'error',
      from: { path: '/contract\\.ts$' },
      to: { pathNot: ['/contract\\.ts$', 'node_modules/zod/'] },
    },
    {
      name: 'the-page-sees-contracts-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|packages)/', pathNot: '/contract\\.ts$' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(#contract|virtual:)|\\.css$' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
