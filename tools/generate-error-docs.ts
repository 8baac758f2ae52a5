import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { errorCatalogue } from '../common/errors.ts';

/** `npm run docs:errors`: writes docs/errors.md; with `--check` fails when it is out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const path = 'docs/errors.md';
const page = await format(pageOf(errorCatalogue), {
  ...(await resolveConfig('package.json')),
  parser: 'markdown',
});

if (!values.check) {
  await mkdir('docs', { recursive: true });
  await writeFile(path, page);
} else if ((await readFile(path, 'utf8').catch(() => undefined)) !== page) {
  console.error(`${path} is out of date: run npm run docs:errors`);
  process.exitCode = 1;
}

function pageOf(catalogue: typeof errorCatalogue): string {
  const rows = Object.entries(catalogue).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`,
  );
  return `# Error codes

<!-- Made of common/errors.ts by \`npm run docs:errors\`. Do not edit. -->

Every error carries its code in \`extensions.code\`. A code is forever: match on it, not on the message.
The status is the HTTP status of a response that carries nothing but this error; the error of a single field
travels in a 200 answer beside the data of the others.

| code | status | meaning |
| --- | --- | --- |
${rows.join('\n')}
`;
}
