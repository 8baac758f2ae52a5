import graphql from '@graphql-eslint/eslint-plugin';
import { importX } from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** The files that may read the environment; everybody else gets settings as an argument. */
const settingsLoaders = [
  'gateway/config/load.ts',
  'subgraphs/kit/load-settings.ts',
  'storefront/load-settings.ts',
  'composition/load-environment.ts',
];

const environmentIsLoadedOnce =
  'Settings are loaded once, in a load file (see eslint.config.js), and travel as arguments.';

const noEnums = {
  selector: 'TSEnumDeclaration',
  message: 'Use a union of strings; an enum is not erasable.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'coverage/',
      '.data/',
      'bench/',
      'subgraphs/*/resolvers/types.generated.ts',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    name: 'project/code',
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.js', '.*.js', 'tools/*/*.js', 'test/support/*.js'],
        },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // It overflows its stack on the recursive types of graphql-js's syntax tree.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: environmentIsLoadedOnce },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:process', 'process'].map((name) => ({
            name,
            importNames: ['env'],
            message: environmentIsLoadedOnce,
          })),
        },
      ],
      'no-restricted-syntax': ['error', noEnums],
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          'newlines-between': 'never',
          alphabetize: { order: 'asc', caseInsensitive: true },
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    name: 'project/data-that-is-large',
    files: ['common', 'composition', 'engine', 'events', 'gateway', 'storefront', 'subgraphs'].map(
      (folder) => `${folder}/**/*.ts`,
    ),
    // What is spread there is a supergraph's, read once.
    ignores: ['engine/planning/**', 'engine/supergraph/**', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noEnums,
        {
          selector: 'CallExpression > SpreadElement, NewExpression > SpreadElement',
          message:
            'A function takes about 100,000 arguments: loop, concatenate, or use greatest() of common.',
        },
        {
          selector: 'CallExpression[callee.property.name="apply"]',
          message: 'A function takes about 100,000 arguments.',
        },
      ],
    },
  },
  {
    name: 'project/text-that-is-long',
    files: [
      'common',
      'composition',
      'engine',
      'events',
      'gateway',
      'storefront',
      'subgraphs',
      'tools',
    ].map((folder) => `${folder}/**/*.ts`),
    // Tests read what they wrote.
    ignores: ['**/*.test.ts'],
    plugins: { regexp },
    rules: {
      // Each has text for which its time grows with the square of the length, or faster.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    name: 'project/settings-loaders',
    files: settingsLoaders,
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    name: 'project/command-lines',
    files: [
      'tools/**',
      'composition/cli.ts',
      'events/cli.ts',
      'storefront/**',
      'subgraphs/users/grant-role.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'project/tests',
    files: ['test/**', '**/*.test.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
      // A stand-in for something asynchronous need not wait for anything.
      '@typescript-eslint/require-await': 'off',
      // An answer of GraphQL has the shape that the operation asked for; matchers of jest are typed any.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    name: 'project/configuration',
    files: [
      '*.config.js',
      '.*.js',
      'test/support/{,jest/}*.js',
      'test/support/*.d.ts',
      'tools/jest/*.js',
    ],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    name: 'project/untyped',
    files: ['**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    name: 'project/subgraph-schemas',
    files: ['subgraphs/*/schema.graphql'],
    languageOptions: { parser: graphql.parser },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      '@graphql-eslint/description-style': ['error', { style: 'block' }],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
          DirectiveDefinition: true,
        },
      ],
      '@graphql-eslint/unique-enum-value-names': 'error',
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: 'camelCase',
          InputValueDefinition: 'camelCase',
          Argument: 'camelCase',
          DirectiveDefinition: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
          InputObjectTypeDefinition: { forbiddenPrefixes: ['Input'] },
          EnumTypeDefinition: { forbiddenPrefixes: ['Enum'], forbiddenSuffixes: ['Enum'] },
          InterfaceTypeDefinition: {
            forbiddenPrefixes: ['Interface'],
            forbiddenSuffixes: ['Interface'],
          },
          'FieldDefinition[parent.name.value=Query]': {
            forbiddenPrefixes: ['get', 'query', 'list'],
          },
          'FieldDefinition[parent.name.value=Mutation]': { forbiddenPrefixes: ['mutation'] },
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'Directive[name.value="deprecated"] > Argument[name.value="reason"] > StringValue:not([value=/^\\d{4}-\\d{2}-\\d{2}: .+ \\d{4}-\\d{2}-\\d{2}\\.$/])',
          message:
            'A deprecation says since when, what to use and until when: "2026-11-23: use `x`. Will not be removed before 2027-11-23."',
        },
      ],
    },
  },
);
