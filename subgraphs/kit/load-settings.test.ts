import { describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import type { Environment } from '../../common/settings.ts';
import { loadDatabaseSettings, loadSubgraphSettings } from './load-settings.ts';

const products = { name: 'products', port: 4002 };
const key = 'a key of thirty-two bytes or more';
const production: Environment = {
  NODE_ENV: 'production',
  SUBGRAPH_PRODUCTS_IDENTITY_KEY: key,
  DATABASE_URL: 'postgres://db/shop',
};

describe('kit/settings of a subgraph', () => {
  it('runs on one machine without any', () => {
    expect(loadSubgraphSettings(products, {})).toEqual({
      mode: 'development',
      host: '127.0.0.1',
      port: 4002,
      identityKeys: [developmentIdentityKey('products')],
      demonstrationData: true,
      logLevel: 'info',
    });
  });

  it('reads each from its variable, two keys while one is rotated', () => {
    expect(
      loadSubgraphSettings(products, {
        ...production,
        SUBGRAPH_PRODUCTS_IDENTITY_KEY: `${key}, new ${key}`,
        PRODUCTS_PORT: '5002',
        HOST: '0.0.0.0',
        LOG_LEVEL: 'warn',
      }),
    ).toEqual({
      mode: 'production',
      host: '0.0.0.0',
      port: 5_002,
      identityKeys: [key, `new ${key}`],
      demonstrationData: false,
      logLevel: 'warn',
    });
  });

  it('reads the variables of a name with a hyphen', () => {
    const subgraph = { name: 'gift-cards', port: 1 };
    expect(loadSubgraphSettings(subgraph, { GIFT_CARDS_PORT: '5009' }).port).toBe(5_009);
  });

  it('holds an empty variable for absent', () => {
    expect(loadSubgraphSettings(products, { PRODUCTS_PORT: ' ' }).port).toBe(4_002);
  });

  it.each([
    [{ PRODUCTS_PORT: 'abc' }, /PRODUCTS_PORT: takes a whole number from 0 to 65535/],
    [{ PRODUCTS_PORT: '65536' }, /PRODUCTS_PORT: /],
    [{ PRODUCTS_PORT: '1.5' }, /PRODUCTS_PORT: /],
    [{ DEMO_DATA: 'yes' }, /DEMO_DATA: takes true or false/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL: takes one of trace, debug/],
    [{ SUBGRAPH_PRODUCTS_IDENTITY_KEY: 'short' }, /SUBGRAPH_PRODUCTS_IDENTITY_KEY: takes keys/],
    [{ PRODUCTS_PORT: 'x', LOG_LEVEL: 'y' }, /^Settings are .*PRODUCTS_PORT.*; LOG_LEVEL/],
  ])('names what is wrong with %j', (environment, message) => {
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
  it('keeps the data in .data without any', () => {
    expect(loadDatabaseSettings({})).toEqual({
      dataDir: '.data',
      poolMax: 10,
      connectTimeoutMs: 5_000,
      statementTimeoutMs: 5_000,
    });
  });

  it('reads each from its variable', () => {
    expect(
      loadDatabaseSettings({
        ...production,
        DATA_DIR: '/data',
        DATABASE_POOL_MAX: '40',
        DATABASE_CONNECT_TIMEOUT_MS: '100',
        DATABASE_STATEMENT_TIMEOUT_MS: '200',
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
    [{ DATABASE_POOL_MAX: '0' }, /DATABASE_POOL_MAX: takes a whole number from 1 to 1000/],
    [{ NODE_ENV: 'production' }, /^DATABASE_URL is missing/],
  ])('names what is wrong with %j', (environment, message) => {
    expect(() => loadDatabaseSettings(environment)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(message),
      }),
    );
  });
});
