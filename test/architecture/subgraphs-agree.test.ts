import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readConfig } from '../../composition/config.ts';
import { subgraphs as members } from '../../storefront/subgraphs.ts';
import { readMappings } from '../../tools/codegen/mappings.ts';

/** Folders, services and scripts that are not subgraphs. */
const besides = new Set(['redis', 'kit', 'postgres', 'gateway']);

describe('supergraph.yaml names the subgraphs', () => {
  let names: readonly string[];

  beforeAll(async () => {
    const result = await readConfig('supergraph.yaml');
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    names = result.config.subgraphs.map(({ name }) => name);
  });

  it('that have a folder', async () => {
    const entries = await readdir('subgraphs', { withFileTypes: true });
    expect(sorted(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name))).toEqual(
      names,
    );
  });

  it('that docker-compose.yml runs', async () => {
    const { services } = parse(await readFile('docker-compose.yml', 'utf8')) as {
      services: object;
    };
    const others = ['events', 'rabbitmq', 'kafka'];
    const run = Object.keys(services).filter((name) => !others.includes(name));
    expect(sorted(run)).toEqual(names);
  });

  it('that have a start script', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: object };
    const starts = Object.keys(scripts).filter(
      (name) => name.startsWith('start:') && name !== 'start:events',
    );
    expect(sorted(starts.map((name) => name.slice('start:'.length)))).toEqual(names);
  });

  it('that the storefront starts', () => {
    expect(sorted(members.map(({ name }) => name))).toEqual(names);
  });

  it('that have a mapping for the generated types', async () => {
    expect(sorted([...(await readMappings()).keys()])).toEqual(names);
  });
});

function sorted(names: readonly string[]): readonly string[] {
  return names.filter((name) => !besides.has(name)).sort();
}
