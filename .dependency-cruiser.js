/** Who may import whom: the table of the architecture, as rules. Tests beside their subject keep the same rules. */

const ours = '^(common|engine|gateway|subgraphs|events|composition|storefront|tools|test|bench)/';

/**
 * A folder and what of ours it may import, besides itself. `types` are folders of which it may import types only.
 */
const layers = [
  { name: 'common', from: '^common/', may: ['^common/'] },

  {
    name: 'engine-supergraph',
    from: '^engine/supergraph/',
    may: ['^engine/supergraph/', '^common/'],
  },
  {
    name: 'engine-execution',
    from: '^engine/execution/',
    may: ['^engine/execution/', '^common/'],
    types: ['^engine/fetching/'],
  },
  ...['access', 'limits', 'planning'].map((stage) => ({
    name: `engine-${stage}`,
    from: `^engine/${stage}/`,
    may: [`^engine/(${stage}|supergraph)/`, '^common/'],
    types: ['^engine/execution/'],
  })),
  ...['fetching', 'comparison'].map((stage) => ({
    name: `engine-${stage}`,
    from: `^engine/${stage}/`,
    may: [`^engine/${stage}/`, '^common/'],
    types: ['^engine/apollo-interface[.]ts$'],
  })),
  {
    name: 'engine-channels',
    from: '^engine/channels/',
    may: ['^engine/(channels|fetching)/', '^common/'],
    types: ['^engine/supergraph/'],
  },
  {
    name: 'engine-operation',
    from: '^engine/operation/',
    may: [
      '^engine/(operation|planning|execution|access|supergraph)/',
      '^engine/fetching/failure[.]ts$',
      '^common/',
    ],
    types: ['^engine/fetching/(?!failure[.]ts$)'],
  },
  {
    name: 'engine-streams',
    from: '^engine/streams/',
    may: ['^engine/streams/', '^common/'],
    types: ['^engine/(execution|fetching|operation|supergraph)/'],
  },
  { name: 'engine-apollo', from: '^engine/apollo/', may: ['^engine/', '^common/'] },
  { name: 'engine-root', from: '^engine/[^/]+$', may: ['^engine/', '^common/'] },

  { name: 'gateway-config', from: '^gateway/config/', may: ['^gateway/config/', '^common/'] },
  { name: 'gateway-rates', from: '^gateway/rates/', may: ['^gateway/rates/', '^common/'] },
  {
    name: 'gateway-supergraph',
    from: '^gateway/supergraph/',
    may: ['^gateway/supergraph/', '^common/'],
    types: ['^engine/supergraph/'],
  },
  {
    name: 'gateway-channels',
    from: '^gateway/channels/',
    may: ['^gateway/channels/', '^common/'],
    types: ['^engine/channels/'],
  },
  {
    name: 'gateway-usage',
    from: '^gateway/usage/',
    may: ['^gateway/usage/', '^common/'],
    types: ['^gateway/config/'],
  },
  {
    name: 'gateway-identity',
    from: '^gateway/identity/',
    may: ['^gateway/identity/', '^common/'],
    types: ['^engine/(access|fetching)/'],
  },
  {
    name: 'gateway-calls',
    from: '^gateway/calls/',
    may: ['^gateway/calls/', '^engine/fetching/', '^common/'],
    types: ['^gateway/config/'],
  },
  {
    name: 'gateway-http',
    from: '^gateway/http/',
    may: ['^gateway/(http|identity|rates)/', '^engine/', '^common/'],
    types: ['^gateway/config/'],
  },
  { name: 'gateway-root', from: '^gateway/[^/]+$', may: ['^gateway/', '^engine/', '^common/'] },

  {
    name: 'subgraph-domain',
    from: '^subgraphs/(?!kit/)([^/]+)/domain/',
    may: ['^subgraphs/$1/domain/', '^common/'],
  },
  {
    name: 'subgraph-data',
    from: '^subgraphs/(?!kit/)([^/]+)/data/',
    may: [
      '^subgraphs/$1/(data|domain)/',
      '^subgraphs/kit/',
      '^events/(contracts|outbox)/',
      '^common/',
    ],
  },
  {
    name: 'subgraph-services',
    from: '^subgraphs/(?!kit/)([^/]+)/services/',
    may: [
      '^subgraphs/$1/(services/|data/|domain/|load-settings[.]ts$)',
      '^subgraphs/kit/',
      '^events/(contracts|outbox)/',
      '^common/',
    ],
  },
  {
    name: 'subgraph-resolvers',
    from: '^subgraphs/(?!kit/)([^/]+)/resolvers/',
    may: ['^subgraphs/$1/(resolvers/|domain/|context[.]ts$)', '^subgraphs/kit/', '^common/'],
  },
  {
    name: 'subgraph-root',
    from: '^subgraphs/(?!kit/)([^/]+)/[^/]+$',
    may: ['^subgraphs/$1/', '^subgraphs/kit/', '^events/(contracts|outbox)/', '^common/'],
  },
  { name: 'events-contracts', from: '^events/contracts/', may: ['^events/contracts/'] },
  {
    name: 'events-outbox',
    from: '^events/outbox/',
    may: ['^events/(outbox|contracts)/', '^common/'],
  },
  {
    name: 'events-inbox',
    from: '^events/inbox/',
    may: ['^events/inbox/', '^subgraphs/kit/', '^common/'],
  },
  {
    name: 'events-bus',
    from: '^events/bus/',
    may: ['^events/(bus|contracts)/', '^subgraphs/kit/', '^common/'],
  },
  {
    name: 'events-relay',
    from: '^events/relay/',
    may: ['^events/(relay|outbox)/', '^common/'],
    types: ['^events/bus/bus[.]ts$'],
  },
  {
    name: 'events-consumers',
    from: '^events/consumers/',
    may: ['^events/(consumers|contracts|inbox)/', '^subgraphs/kit/', '^common/'],
    types: ['^events/bus/bus[.]ts$'],
  },
  {
    name: 'events-metrics',
    from: '^events/metrics/',
    may: ['^events/metrics/', '^common/'],
    types: ['^events/bus/bus[.]ts$', '^events/consumers/receive[.]ts$'],
  },
  {
    name: 'events-commands',
    from: '^events/commands/',
    may: ['^events/(commands|contracts)/', '^common/'],
    types: ['^events/bus/bus[.]ts$'],
  },
  { name: 'events-root', from: '^events/[^/]+$', may: ['^events/', '^subgraphs/kit/', '^common/'] },
  { name: 'subgraph-kit', from: '^subgraphs/kit/', may: ['^subgraphs/kit/', '^common/'] },

  {
    name: 'composition',
    from: '^composition/',
    pathNot: '^composition/(check|plan)/',
    may: ['^composition/', '^common/'],
  },
  {
    name: 'composition-check',
    from: '^composition/(check|plan)/',
    // What the gateway will do is said by the code that does it.
    may: ['^composition/', '^engine/(access|limits|planning|supergraph)/', '^common/'],
    types: ['^engine/execution/'],
  },
  {
    name: 'storefront',
    from: '^storefront/',
    may: [
      '^storefront/',
      '^events/[^/]+[.]ts$',
      '^gateway/(gateway[.]ts$|application[.]ts$|run-gateway[.]ts$|config/|http/(sessions|rest/rest-(?:route|service)|pages/graphiql/page)[.]ts$)',
      '^subgraphs/[^/]+/subgraph[.]ts$',
      '^subgraphs/kit/',
      '^composition/',
      '^common/',
    ],
  },
  {
    name: 'tools',
    from: '^tools/',
    // The list of what is protected is made by the code that protects it: it would say nothing otherwise.
    may: [
      '^tools/',
      '^engine/(access|planning|supergraph)/',
      '^composition/',
      '^events/contracts/',
      '^gateway/(config/|http/rest/(openapi|rest-service)[.]ts$)',
      '^storefront/shop/',
      '^common/',
    ],
  },
];

const layerRules = layers.flatMap(({ name, from, pathNot, may, types = [] }) => [
  {
    name: `${name}-imports`,
    severity: 'error',
    comment: `${name} may import only ${[...may, ...types].join(' ')}`,
    from: pathNot === undefined ? { path: from } : { path: from, pathNot },
    to: { path: ours, pathNot: [...may, ...types, '^test/support/'] },
  },
  ...types.map((path) => ({
    name: `${name}-imports-types-only`,
    severity: 'error',
    comment: `of ${path} ${name} may import types only`,
    from: { path: from, pathNot: '[.]test[.]ts$' },
    to: { path, dependencyTypesNot: ['type-only'] },
  })),
]);

const testFiles = '(^test/|[.]test[.]ts$)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'subgraphs-are-strangers',
      severity: 'error',
      comment: 'A subgraph knows no other: they meet in the supergraph.',
      from: { path: '^subgraphs/(?!kit/)([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: ['^subgraphs/$1/', '^subgraphs/kit/'] },
    },
    ...layerRules,
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both need into a third file.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { pathNot: testFiles },
      to: { path: testFiles },
    },
    {
      name: 'apollo-server-at-the-edge',
      severity: 'error',
      comment:
        'Apollo Server is the page of Sandbox in gateway/http, and one adapter in subgraphs/kit.',
      from: { pathNot: ['^gateway/http/pages/', '^subgraphs/kit/', testFiles] },
      to: { path: 'node_modules/@apollo/server/' },
    },
    {
      name: 'planners-behind-one-door',
      severity: 'error',
      comment: 'Query planners are known to engine/planning and composition only.',
      from: { pathNot: ['^engine/planning/', '^composition/', testFiles] },
      to: { path: 'node_modules/@apollo/query-planner' },
    },
    {
      name: 'no-development-tools-in-production',
      severity: 'error',
      // Which takes what the user has installed.
      from: { path: ours, pathNot: [testFiles, '^tools/', '^engine/planning/apollo-planner'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere.',
      from: { path: ours },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(node_modules|dist|(engine|composition)/dist|bench/node_modules)/|^engine/index[.]d[.]cts$',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
