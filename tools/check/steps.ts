/** One step of `npm run check`: a program of this project and its arguments. */
export interface Step {
  readonly name: string;
  /** The script that Node runs, and its arguments. */
  readonly command: readonly string[];
  /** What to do when it fails. */
  readonly advice: string;
  /** Whether its output is shown while it runs, because it takes long. */
  readonly isWatched?: boolean;
}

const folders = [
  'common',
  'engine',
  'gateway',
  'subgraphs',
  'events',
  'composition',
  'storefront',
  'tools',
  'test',
];

/** The checks besides the tests, the cheapest first. */
export const steps: readonly Step[] = [
  {
    name: 'error catalogue',
    command: ['--import', 'tsx', 'tools/generate-error-docs.ts', '--check'],
    advice: 'npm run docs:errors',
  },
  {
    name: 'settings',
    command: ['--import', 'tsx', 'tools/generate-settings-docs.ts', '--check'],
    advice: 'npm run docs:settings',
  },
  {
    name: 'contracts of events',
    command: ['--import', 'tsx', 'tools/generate-asyncapi.ts', '--check'],
    advice: 'npm run docs:events',
  },
  {
    name: 'OpenAPI document',
    command: ['--import', 'tsx', 'tools/generate-openapi.ts', '--check'],
    advice: 'npm run docs:openapi',
  },
  {
    name: 'generated types',
    command: ['--import', 'tsx', 'tools/codegen.ts', '--check'],
    advice: 'npm run codegen',
  },
  {
    name: 'composition',
    command: ['--import', 'tsx', 'composition/cli.ts', 'compose', '--check'],
    advice: 'npm run compose',
  },
  {
    name: 'change of the schemas',
    command: ['--import', 'tsx', 'tools/check-schema.ts'],
    advice: 'npm run check:schema shows it; docs/ci.md says how to let a wanted change pass',
  },
  {
    name: 'access table',
    command: ['--import', 'tsx', 'tools/access.ts', '--check'],
    advice: 'npm run access -- --write, and look at what changed in access.txt',
  },
  {
    name: 'lockfile',
    command: ['--import', 'tsx', 'tools/check-lockfile.ts'],
    advice: 'npm install, then look at what changed in package-lock.json',
  },
  {
    name: 'dead code',
    command: ['node_modules/knip/bin/knip.js'],
    advice: 'remove what is not used, or use it',
  },
  {
    name: 'import rules',
    command: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.js',
      ...folders,
    ],
    advice: 'see .dependency-cruiser.js for the import rules',
  },
  {
    name: 'format',
    command: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'],
    advice: 'npm run format',
  },
  {
    name: 'types',
    command: ['node_modules/typescript/bin/tsc', '--project', '.'],
    advice: 'correct the types',
  },
  {
    name: 'lint',
    command: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'],
    advice: 'npm run lint -- --fix corrects what it can',
  },
];

const jest = ['node_modules/jest/bin/jest.js'];

/** The tests, as `npm test` runs them. */
export const tests: Step = {
  name: 'tests',
  command: jest,
  advice: 'npm test -- <path> runs one file',
  isWatched: true,
};

/** The tests that take long, as `npm run test:long` runs them. */
export const longTests: Step = {
  name: 'long tests',
  command: [...jest, '--config', 'jest.long.config.js'],
  advice: 'npm run test:long -- <path> runs one file',
  isWatched: true,
};

/** Whether the tests that have run cover each threat. */
export const threats: Step = {
  name: 'threats',
  command: ['--import', 'tsx', 'tools/threats.ts', '--check'],
  advice:
    'name each threat in the title of the test that shows what it gets ("threat 7: …"); npm run threats',
};
