import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const folders = [
  'common',
  'gateway',
  'subgraphs',
  'events',
  'composition',
  'storefront',
  'tools',
  'test',
];
const files = folders
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => /[.](ts|js)$/.test(file));

describe('file names', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('are in kebab case', () => {
    expect(
      files.filter(
        (file) =>
          !/^[a-z0-9-]+([.](test|long[.]test|generated|d))?[.](ts|js)$/.test(basename(file)),
      ),
    ).toEqual([]);
  });

  it('say what is in the file', () => {
    const empty = /(^|-)(utils?|helpers?|misc|managers?|common|stuff)([.-]|$)/;
    expect(files.filter((file) => empty.test(basename(file)))).toEqual([]);
  });

  it('are index.ts only for the public entry of a folder', () => {
    const doors = /^(gateway|subgraphs[/][^/]+[/]resolvers)[/]index[.]ts$/;
    const indexes = files.filter((file) => basename(file) === 'index.ts');
    expect(indexes.filter((file) => !doors.test(file))).toEqual([]);
  });
});
