import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openApiPaths, openApiText } from './openapi/openapi-file.ts';

/** `npm run docs:openapi`: writes docs/openapi*.json; with `--check` fails when one of them is out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const answeredBy of ['graph', 'services'] as const) {
  const path = openApiPaths[answeredBy];
  const text = await openApiText(answeredBy);
  if (!values.check) {
    await writeFile(path, text);
  } else if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) {
    console.error(`${path} is out of date: run npm run docs:openapi`);
    process.exitCode = 1;
  }
}
