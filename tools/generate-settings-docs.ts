import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { settingsFiles } from './settings-docs/settings-files.ts';

/** `npm run docs:settings`: writes what is made of the settings' schemas; with `--check` fails when it is out of date. */
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const [path, text] of await settingsFiles()) {
  if (!values.check) {
    await writeFile(path, text);
  } else if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) {
    console.error(`${path} is out of date: run npm run docs:settings`);
    process.exitCode = 1;
  }
}
