import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { asyncApiText } from './asyncapi/asyncapi-text.ts';

/** `npm run docs:events`: writes docs/asyncapi.yaml of the contracts of events; with `--check` fails when it is out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const path = 'docs/asyncapi.yaml';
const text = await asyncApiText();
if (!values.check) {
  await writeFile(path, text);
} else if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) {
  console.error(`${path} is out of date: run npm run docs:events`);
  process.exitCode = 1;
}
