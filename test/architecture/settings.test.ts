import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { removedPerSubgraph, removedVariables } from '../../common/removed-variables.ts';
import { refuseUnknownVariables } from '../../common/setting-names.ts';
import { perSubgraphKeys, settingNames } from '../../common/setting-variables.ts';
import { settingSections } from '../../common/settings-file.ts';
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
import { settingsFiles } from '../../tools/settings-docs/settings-files.ts';

/** The meaning of all settings in an environment, for all services. */
function meaningOf(environment: Readonly<Record<string, string>>): unknown {
  return [
    loadGatewayConfig(environment),
    loadSubgraphSettings(users, environment),
    loadDatabaseSettings(environment),
    loadAccessTokenSettings(environment, 'development'),
    loadInventoryAddress(environment),
  ];
}

/** As many as one can remember; a new one must replace another (docs/decisions/0010-settings.md). */
const variablesMax = 26;

describe('the variables of the whole system', () => {
  it('are few, when the same variable of all subgraphs counts once', () => {
    expect([...settingNames]).toEqual([
      'NODE_ENV',
      'GATEWAY_CONFIG',
      'HOST',
      'GATEWAY_PORT',
      'LOG_LEVEL',
      'DATABASE_URL',
      'DATA_DIR',
      'MIGRATIONS_AT_START',
      'DEMO_DATA',
      'SUPERGRAPH_PATH',
      'CORS_ORIGINS',
      'TRUSTED_PROXIES',
      'REDIS_URL',
      'AMQP_URL',
      'KAFKA_BROKERS',
      'EVENTS_PORT',
      'SMTP_URL',
      'JWKS_URL',
      'ACCESS_TOKEN_ISSUER',
      'ACCESS_TOKEN_AUDIENCE',
      'ACCESS_TOKEN_PRIVATE_KEYS',
      'ACCESS_TOKEN_PRIVATE_KEYS_FILE',
      'INVENTORY_GRPC_ADDRESS',
    ]);
    const families = [
      '<NAME>_PORT',
      ...[...perSubgraphKeys.keys()].map((end) => `SUBGRAPH_<NAME>_${end}`),
    ];
    expect(families).toEqual([
      '<NAME>_PORT',
      'SUBGRAPH_<NAME>_URL',
      'SUBGRAPH_<NAME>_IDENTITY_KEY',
    ]);
    expect(settingNames.length + families.length).toBeLessThanOrEqual(variablesMax);
  });

  it('are exactly those that are read', () => {
    const read = new Set([
      ...gatewayVariables,
      ...subgraphVariables,
      ...accessTokenVariables,
      inventoryAddressName,
    ]);
    expect([...read].sort()).toEqual([...settingNames].sort());
  });

  it('are the only ones in the documents: no text names a former one', async () => {
    const places = [
      'docs',
      'deploy',
      'bench',
      'README.md',
      'CONTRIBUTING.md',
      'docker-compose.yml',
    ];
    const files = (await Promise.all(places.map(filesIn))).flat();
    expect(files.length).toBeGreaterThan(40);
    const endings = [...removedPerSubgraph.keys()].join('|');
    const removed = new RegExp(
      `(?<![A-Z_])(?:${[...removedVariables.keys()].join('|')}|SUBGRAPH_(?:[A-Z_]+|<NAME>)_(?:${endings}))(?![A-Z_])`,
      'g',
    );
    expect('COST_MODE SUBGRAPH_<NAME>_TIMEOUT_MS'.match(removed)).toHaveLength(2);
    for (const file of files) {
      const found = (await readFile(file, 'utf8')).match(removed);
      expect([file, found]).toEqual([file, null]);
    }
  });
});

describe('what is generated from the schemas of settings', () => {
  it('is up to date: npm run docs:settings', async () => {
    for (const [path, text] of await settingsFiles()) {
      expect([path, await readFile(path, 'utf8')]).toEqual([path, text]);
    }
  });

  it('has every variable and every key, with a description, in docs/settings.md', async () => {
    const text = await readFile('docs/settings.md', 'utf8');
    const rows = new Map(
      [...text.matchAll(/^\| `([^`]+)` .*\| (\S.*\S) +\|$/gm)].map(
        ([, name = '', meaning = '']) => [name, meaning],
      ),
    );
    const keys = settingSections.flatMap(keysOf).filter((key) => key !== 'each');
    for (const name of [...settingNames, ...keys]) {
      expect([name, rows.get(name)]).toEqual([name, expect.stringMatching(/\w[^|]*[.]$/)]);
    }
    expect(keys.length).toBeGreaterThan(75);
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
      ...[...perSubgraphKeys.keys()].map((ending) => `SUBGRAPH_USERS_${ending}`),
      'USERS_PORT',
    ];
    expect(expected.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has nothing but settings', () => {
    const environment = Object.fromEntries(lines);
    const running = subgraphs.map(({ name }) => name);
    expect(() => {
      refuseUnknownVariables(environment, running);
    }).not.toThrow();
    const known = new Set<string>(settingNames);
    const others = lines.map(([name]) => name).filter((name) => !known.has(name));
    for (const name of others) expect(name).toMatch(/^(SUBGRAPH_.+_\w+|[A-Z]+_PORT|POSTGRES_\w+)$/);
  });

  it('has the default of each, so that setting it changes nothing', () => {
    const unset = meaningOf({});
    const set = lines.filter(([, value]) => value !== '');
    expect(set.length).toBeGreaterThan(12);
    for (const [name, value] of set) {
      expect([name, meaningOf({ [name]: value })]).toEqual([name, unset]);
    }
  });
});

describe('docs/gateway.example.yaml', () => {
  const path = 'docs/gateway.example.yaml';

  it('has the default of each setting, so that setting it changes nothing', () => {
    expect(loadGatewayConfig({ GATEWAY_CONFIG: path })).toEqual(loadGatewayConfig({}));
  });

  it('has every key of the schema, those without a default in a comment', async () => {
    const text = await readFile(path, 'utf8');
    const keys = new Set([...text.matchAll(/^[ #]*(\w+):/gm)].map(([, key = '']) => key));
    const known = settingSections.flatMap((section) => [section, ...keysOf(section)]);
    expect(known.filter((key) => !keys.has(key))).toEqual([]);
    expect(known.length).toBeGreaterThan(70);
  });
});

/** The keys that an error about an unknown key offers. */
function keysOf(section: string): readonly string[] {
  try {
    loadGatewayConfig({}, [{ [section]: { none: 1 } }]);
  } catch (error) {
    const [, list = ''] = /, of ([\w, ]+)/.exec((error as Error).message) ?? [];
    return list.split(', ');
  }
  return [];
}

/** A file, or all texts in a folder, without those of others. */
async function filesIn(place: string): Promise<readonly string[]> {
  if (/[.]\w+$/.test(place)) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /[.](?:md|ya?ml|ts|js|sh|example)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/node_modules|0010-settings/.test(path));
}
