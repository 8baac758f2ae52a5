import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import type { Environment } from '../../common/settings.ts';
import { loadDatabaseSettings, loadSubgraphSettings } from './load-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'kit-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Creates a settings file with this content. */
function withFile(content: string): { readonly GATEWAY_CONFIG: string } {
  const path = join(folder, 'settings.yaml');
  writeFileSync(path, content);
  return { GATEWAY_CONFIG: path };
}

const products = { name: 'products', port: 4002 };
const key = 'a key of thirty-two bytes or more';
const production: Environment = {
  NODE_ENV: 'production',
  SUBGRAPH_PRODUCTS_IDENTITY_KEY: key,
  DATABASE_URL: 'postgres://db/shop',
};

describe('kit/settings of a subgraph', () => {
  it('has defaults for one machine', () => {
    expect(loadSubgraphSettings(products, {})).toEqual({
      mode: 'development',
      host: '127.0.0.1',
      port: 4002,
      identityKeys: [developmentIdentityKey('products')],
      demonstrationData: true,
      migrationsAtStart: 'run',
      drainDelayMs: 0,
      drainTimeoutMs: 10_000,
      logLevel: 'info',
    });
  });

  it('reads each from its variable, and two keys while one is rotated', () => {
    expect(
      loadSubgraphSettings(products, {
        ...production,
        SUBGRAPH_PRODUCTS_IDENTITY_KEY: `${key}, new ${key}`,
        PRODUCTS_PORT: '5002',
        HOST: '0.0.0.0',
        LOG_LEVEL: 'warn',
        MIGRATIONS_AT_START: 'refuse',
      }),
    ).toEqual({
      mode: 'production',
      host: '0.0.0.0',
      port: 5_002,
      identityKeys: [key, `new ${key}`],
      demonstrationData: false,
      migrationsAtStart: 'refuse',
      drainDelayMs: 5_000,
      drainTimeoutMs: 10_000,
      logLevel: 'warn',
    });
  });

  it('reads its part of the settings file, prefers variables, and leaves the rest to the gateway', () => {
    const file = withFile(`
server: { host: 127.0.0.2, port: 5000, drainDelayMs: 1, drainTimeoutMs: 2 }
telemetry: { logLevel: debug }
limits: { maxDepth: 1 }
subgraphs:
  each:
    products: { url: "http://products.test/graphql", identityKey: ${key} }
`);
    expect(loadSubgraphSettings(products, file)).toMatchObject({
      host: '127.0.0.2',
      port: 4002,
      drainDelayMs: 1,
      drainTimeoutMs: 2,
      logLevel: 'debug',
      identityKeys: [key],
    });
    const over = { HOST: '127.0.0.3', LOG_LEVEL: 'warn' };
    expect(loadSubgraphSettings(products, { ...file, ...over })).toMatchObject({
      host: '127.0.0.3',
      logLevel: 'warn',
    });
  });

  it.each([
    ['server:\n  drainDelayMs: -1', /settings\.yaml:2: server\.drainDelayMs: takes a whole number/],
    [
      'server: { drainDelayMs: 9000, drainTimeoutMs: 9001 }',
      /^server\.drainDelayMs \(9000\) and server\.drainTimeoutMs \(9001\) take 18000 together/,
    ],
    ['servr: {}', /settings\.yaml:1: servr: no setting has this name; the nearest is server/],
    ['telemetry: { logLevel: loud }', /settings\.yaml:1: telemetry\.logLevel: takes one of trace/],
    [
      'subgraphs: { each: { products: { identityKey: short } } }',
      /settings\.yaml:1: subgraphs\.each\.products\.identityKey: takes keys of at least 32 bytes/,
    ],
  ])('says what is wrong in the file %j', (content, message) => {
    expect(() => loadSubgraphSettings(products, withFile(content))).toThrow(message);
  });

  it('reads the variables of a name with a hyphen', () => {
    const subgraph = { name: 'gift-cards', port: 1 };
    expect(loadSubgraphSettings(subgraph, { GIFT_CARDS_PORT: '5009' }).port).toBe(5_009);
  });

  it('ignores variables of services that it does not know', () => {
    const { port } = loadSubgraphSettings(products, {
      USERS_PORT: '1',
      SUBGRAPH_USERS_URL: 'http://users.test/graphql',
      REDIS_URL: 'redis://redis.test',
      ACCESS_TOKEN_ISSUER: 'https://shop.example',
    });
    expect(port).toBe(4_002);
  });

  it('ignores the port that Kubernetes sets for a service "products"', () => {
    const { port } = loadSubgraphSettings(products, {
      PRODUCTS_PORT: 'tcp://10.0.0.1:4002',
      PRODUCTS_SERVICE_HOST: '10.0.0.1',
    });
    expect(port).toBe(4_002);
  });

  it('treats an empty variable as an absent one', () => {
    expect(loadSubgraphSettings(products, { PRODUCTS_PORT: ' ' }).port).toBe(4_002);
  });

  it.each([
    [{ PRODUCTS_PORT: 'abc' }, /PRODUCTS_PORT: takes a whole number from 0 to 65535/],
    [{ PRODUCTS_PORT: '65536' }, /PRODUCTS_PORT: /],
    [{ PRODUCTS_PORT: '1.5' }, /PRODUCTS_PORT: /],
    [{ DEMO_DATA: 'yes' }, /DEMO_DATA: takes true or false/],
    [{ DRAIN_DELAY_MS: '1' }, /^DRAIN_DELAY_MS is no variable any more: set server\.drainDelayMs/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: takes one of trace, debug/],
    [{ SUBGRAPH_PRODUCTS_IDENTITY_KEY: 'short' }, /SUBGRAPH_PRODUCTS_IDENTITY_KEY: takes keys/],
    [{ PRODUCTS_PORT: '4e3' }, /PRODUCTS_PORT: takes a whole number from 0 to 65535, not "4e3"/],
    [{ MIGRATIONS_AT_START: 'never' }, /MIGRATIONS_AT_START: takes run or refuse, not "never"/],
    [
      { PRODUCTS_PROT: '1' },
      /PRODUCTS_PROT: no setting has this name; the nearest is PRODUCTS_PORT/,
    ],
    [{ DEMO_DTA: 'false' }, /DEMO_DTA: .* the nearest is DEMO_DATA/],
    [{ HOST: '0.0.0.0' }, /^HOST: other machines can reach 0\.0\.0\.0.*NODE_ENV=production/],
    [
      { PRODUCTS_PORT: 'x', LOG_LEVEL: 'y', NODE_ENV: 'prod', PRODUCTS_HOST: 'z' },
      /^5 settings are wrong:\nPRODUCTS_HOST: .*\nNODE_ENV: .*\nPRODUCTS_PORT: .*\nSUBGRAPH_PRODUCTS_IDENTITY_KEY .*\nLOG_LEVEL: /,
    ],
  ])('says what is wrong with %j', (environment, message) => {
    expect(() => loadSubgraphSettings(products, environment)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each([
    [{ SUBGRAPH_PRODUCTS_IDENTITY_KEY: undefined }, 'SUBGRAPH_PRODUCTS_IDENTITY_KEY'],
    [
      { SUBGRAPH_PRODUCTS_IDENTITY_KEY: developmentIdentityKey('products') },
      'SUBGRAPH_PRODUCTS_IDENTITY_KEY is the development key',
    ],
    [
      { SUBGRAPH_PRODUCTS_IDENTITY_KEY: `${key},${developmentIdentityKey('products')}` },
      'SUBGRAPH_PRODUCTS_IDENTITY_KEY is the development key',
    ],
    [{ DEMO_DATA: 'true' }, 'DEMO_DATA asks for demonstration data'],
  ])('refuses production with %j', (change, message) => {
    expect(() => loadSubgraphSettings(products, { ...production, ...change })).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe('kit/settings of a database', () => {
  it('stores the data in .data by default', () => {
    expect(loadDatabaseSettings({})).toEqual({
      dataDir: '.data',
      poolMax: 10,
      connectTimeoutMs: 5_000,
      statementTimeoutMs: 5_000,
    });
  });

  it('reads its address from variables, and its limits from the settings file', () => {
    expect(
      loadDatabaseSettings({
        ...production,
        DATA_DIR: '/data',
        ...withFile('database: { poolMax: 40, connectTimeoutMs: 100, statementTimeoutMs: 200 }'),
      }),
    ).toEqual({
      databaseUrl: 'postgres://db/shop',
      dataDir: '/data',
      poolMax: 40,
      connectTimeoutMs: 100,
      statementTimeoutMs: 200,
    });
  });

  it.each([
    [{ DATABASE_URL: 'mysql://db' }, /DATABASE_URL: takes a postgres:\/\/ URL/],
    [{ DATABASE_URL: 'db' }, /DATABASE_URL: /],
    [
      { DATABASE_POOL_MAX: '5' },
      /^DATABASE_POOL_MAX is no variable any more: set database\.poolMax/,
    ],
    [{ NODE_ENV: 'production' }, /^DATABASE_URL is missing/],
    [{ DATABASE_POOL: '5' }, /^DATABASE_POOL: .* the nearest is database\.poolMax in the settings/],
    [{ DATABSE_URL: 'postgres://db' }, /^DATABSE_URL: .* the nearest is DATABASE_URL/],
  ])('says what is wrong with %j', (environment, message) => {
    expect(() => loadDatabaseSettings(environment)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(message),
      }),
    );
  });

  it.each([
    ['database:\n  poolMax: 0', /settings\.yaml:2: database\.poolMax: takes a whole number from 1/],
    [
      'database: { pool: 5 }',
      /settings\.yaml:1: database\.pool: .* the nearest is poolMax, of pool/,
    ],
    ['database: 5', /has something else than a mapping as "database"/],
  ])('says what is wrong in the file %j', (content, message) => {
    expect(() => loadDatabaseSettings(withFile(content))).toThrow(message);
  });
});
