import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openApiPath, openApiText } from './openapi/openapi-file.ts';

/** `npm run docs:openapi`: writes docs/openapi.json; with `--check` fails when it is out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const text = await openApiText();
if (!values.check) {
  await writeFile(openApiPath, text);
} else if ((await readFile(openApiPath, 'utf8').catch(() => undefined)) !== text) {
  console.error(`${openApiPath} is out of date: run npm run docs:openapi`);
  process.exitCode = 1;
}
