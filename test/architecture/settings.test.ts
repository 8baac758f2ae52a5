import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  perSubgraphEndings,
  refuseUnknownVariables,
  settingNames,
} from '../../common/setting-names.ts';
import { gatewayVariables, loadGatewayConfig } from '../../gateway/config/load.ts';
import { subgraphs } from '../../storefront/subgraphs.ts';
import {
  inventoryAddressName,
  loadInventoryAddress,
} from '../../subgraphs/kit/grpc/load-inventory-address.ts';
import {
  loadDatabaseSettings,
  loadSubgraphSettings,
  subgraphVariables,
} from '../../subgraphs/kit/load-settings.ts';
import {
  accessTokenVariables,
  loadAccessTokenSettings,
} from '../../subgraphs/users/load-settings.ts';
import { users } from '../../subgraphs/users/subgraph.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(content: string): string {
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, content);
  return path;
}

/** Everything that the settings in an environment say, in all services. */
function meaningOf(environment: Readonly<Record<string, string>>): unknown {
  return [
    loadGatewayConfig(environment),
    loadSubgraphSettings(users, environment),
    loadDatabaseSettings(environment),
    loadAccessTokenSettings(environment, 'development'),
    loadInventoryAddress(environment),
  ];
}

describe('common/setting-names.ts', () => {
  it('names what is read, and nothing else', () => {
    const read = new Set([
      ...gatewayVariables,
      ...subgraphVariables,
      ...accessTokenVariables,
      inventoryAddressName,
    ]);
    expect([...read].sort()).toEqual([...settingNames].sort());
  });

  it('has each in the README, or in the document that the README names for it', async () => {
    const texts = await Promise.all(
      ['README.md', 'docs/security.md', 'docs/gateway.md'].map((file) => readFile(file, 'utf8')),
    );
    const text = texts.join('\n');
    const names = [...settingNames, ...perSubgraphEndings.map((end) => `SUBGRAPH_<NAME>_${end}`)];
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});

describe('.env.example', () => {
  let lines: readonly (readonly [name: string, value: string])[];

  beforeAll(async () => {
    const text = await readFile('.env.example', 'utf8');
    lines = [...text.matchAll(/^#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const loose = text
      .split('\n')
      .filter((line) => line !== '' && !/^#( .*|[A-Z0-9_]+=.*)$/.test(line));
    expect(loose).toEqual([]);
  });

  it('has every setting once', () => {
    const names = lines.map(([name]) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const expected = [
      ...settingNames,
      ...perSubgraphEndings.map((ending) => `SUBGRAPH_USERS_${ending}`),
      'USERS_PORT',
    ];
    expect(expected.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has nothing that is no setting', () => {
    const environment = Object.fromEntries(lines);
    const running = subgraphs.map(({ name }) => name);
    expect(() => {
      refuseUnknownVariables(environment, running);
    }).not.toThrow();
    const known = new Set<string>(settingNames);
    const others = lines.map(([name]) => name).filter((name) => !known.has(name));
    for (const name of others) expect(name).toMatch(/^(SUBGRAPH_.+_\w+|[A-Z]+_PORT|POSTGRES_\w+)$/);
  });

  it('has the default of each: to set it changes nothing', () => {
    const unset = meaningOf({});
    const set = lines.filter(([, value]) => value !== '');
    expect(set.length).toBeGreaterThan(60);
    for (const [name, value] of set) {
      expect([name, meaningOf({ [name]: value })]).toEqual([name, unset]);
    }
  });
});

describe('docs/gateway.example.yaml', () => {
  const path = 'docs/gateway.example.yaml';

  it('has the default of each setting: to name it changes nothing', () => {
    expect(loadGatewayConfig({ GATEWAY_CONFIG: path })).toEqual(loadGatewayConfig({}));
  });

  it('has every key that the schema has, those without a default in a comment', async () => {
    const text = await readFile(path, 'utf8');
    const keys = new Set([...text.matchAll(/^[ #]*(\w+):/gm)].map(([, key = '']) => key));
    const sections = Object.keys(loadGatewayConfig({})).filter((name) => name !== 'mode');
    const known = sections.flatMap((section) => [section, ...keysOf(section)]);
    expect(known.filter((key) => !keys.has(key))).toEqual([]);
    expect(known.length).toBeGreaterThan(70);
  });
});

/** What a refusal of a key that is none names as the keys there are. */
function keysOf(section: string): readonly string[] {
  try {
    loadGatewayConfig({ GATEWAY_CONFIG: fileWith(`${section}: { none: 1 }`) });
  } catch (error) {
    const [, list = ''] = /, of ([\w, ]+)/.exec((error as Error).message) ?? [];
    return list.split(', ');
  }
  return [];
}
