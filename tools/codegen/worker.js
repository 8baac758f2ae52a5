/**
 * Runs inside `npx -p @graphql-codegen/… node worker.js`: reads a list of `{ schema, config }` as JSON from standard
 * input and writes the list of generated texts as JSON to standard output. The packages are found beside the folder
 * that npx put first in PATH, because they are not installed in this project.
 */
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

// eslint-disable-next-line no-restricted-properties -- not a setting, but how npx says where its packages are
const binFolder = process.env.PATH.split(delimiter).find((folder) => folder.includes('_npx'));
if (binFolder === undefined) throw new Error('This script runs by npx only: npm run codegen.');
const load = createRequire(join(binFolder, '..', 'here.js'));

const { codegen } = load('@graphql-codegen/core');
const { parse } = load('graphql');
const pluginMap = {
  typescript: load('@graphql-codegen/typescript'),
  resolvers: load('@graphql-codegen/typescript-resolvers'),
};

const jobs = JSON.parse(await text(process.stdin));
const outputs = await Promise.all(
  jobs.map(({ schema, config }) =>
    codegen({
      filename: 'types.generated.ts',
      schema: parse(schema),
      documents: [],
      config,
      pluginMap,
      plugins: [{ typescript: {} }, { resolvers: {} }],
    }),
  ),
);
process.stdout.write(JSON.stringify(outputs));
