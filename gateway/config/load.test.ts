import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import type { StartupError } from '../../common/errors.ts';
import { removedVariables } from '../../common/removed-variables.ts';
import { keysOfVariables } from '../../common/setting-variables.ts';
import { settingSections } from '../../common/settings-file.ts';
import type { Environment } from '../../common/settings.ts';
import { identityKeyFor, requireIdentityKeys } from './identity-keys.ts';
import { type GatewaySettings, loadGatewayConfig } from './load.ts';
import { settingsOf } from './subgraphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(content: string): string {
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, content);
  return path;
}

function failure(environment: Environment, settings: GatewaySettings = {}): StartupError {
  try {
    loadGatewayConfig(environment, [settings]);
  } catch (error) {
    return error as StartupError;
  }
  throw new Error('The settings were expected to be refused.');
}

describe('config/load', () => {
  it('needs no settings in development', () => {
    expect(loadGatewayConfig({})).toMatchObject({
      mode: 'development',
      server: { host: '127.0.0.1', port: 4000, bodyLimitBytes: 262_144, requestTimeoutMs: 8_000 },
      supergraph: { path: './supergraph.graphql', watch: true },
      subgraphs: { timeoutMs: 3_000, maxResponseBytes: 10_485_760, forwardedHeaders: [] },
      accessTokens: { jwksUrl: 'http://127.0.0.1:4001/.well-known/jwks.json' },
      landingPages: { sandbox: true, graphiql: true },
      telemetry: { logLevel: 'info' },
    });
  });

  it('returns a deeply frozen result', () => {
    const config = loadGatewayConfig({ SUBGRAPH_USERS_URL: 'http://users.test/' });
    for (const part of [
      config,
      config.server,
      config.subgraphs.each,
      config.subgraphs.each.USERS,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('prefers the environment to the file, and both to the defaults', () => {
    const path = fileWith(`
server: { port: 5000, requestTimeoutMs: 1234 }
subgraphs:
  forwardedHeaders: [X-Tenant]
  each:
    fancy-books: { url: "http://books.test/graphql" }
    users: { url: "http://users.test/graphql", identityKey: "a-key-from-the-file-of-32-bytes-or-more" }
`);
    const config = loadGatewayConfig({
      GATEWAY_CONFIG: path,
      GATEWAY_PORT: '0',
      SUBGRAPH_USERS_URL: 'http://other.test/graphql',
    });
    expect(config.server).toMatchObject({ port: 0, requestTimeoutMs: 1234, host: '127.0.0.1' });
    expect(config.subgraphs.forwardedHeaders).toEqual(['x-tenant']);
    expect(settingsOf(config.subgraphs, 'fancy-books').url).toBe('http://books.test/graphql');
    expect(settingsOf(config.subgraphs, 'users').url).toBe('http://other.test/graphql');
    expect(identityKeyFor(config, 'users')).toBe('a-key-from-the-file-of-32-bytes-or-more');
  });

  it('has a drain delay in production, and none in development', () => {
    const server = (environment: Environment) => loadGatewayConfig(environment).server;
    expect(server({}).drainDelayMs).toBe(0);
    expect(server({ NODE_ENV: 'production' })).toMatchObject({
      drainDelayMs: 5_000,
      drainTimeoutMs: 10_000,
    });
    const atOnce = { server: { drainDelayMs: 0 } };
    expect(loadGatewayConfig({ NODE_ENV: 'production' }, [atOnce]).server.drainDelayMs).toBe(0);
    const path = fileWith('server: { drainDelayMs: 1500 }');
    expect(server({ NODE_ENV: 'production', GATEWAY_CONFIG: path }).drainDelayMs).toBe(1_500);
  });

  it('refuses a drain that is longer than the process has to end', () => {
    const { message } = failure({}, { server: { drainDelayMs: 9_000, drainTimeoutMs: 9_001 } });
    expect(message).toMatch(/^server\.drainDelayMs \(9000\) .* take 18000 together at most/);
  });

  it('reads the maximum lifetime of a token', () => {
    const lifetime = (accessTokens: GatewaySettings['accessTokens']) =>
      loadGatewayConfig({}, [{ accessTokens }]).accessTokens.maxLifetimeSeconds;
    expect(lifetime({})).toBe(86_400);
    expect(lifetime({ maxLifetimeSeconds: 900 })).toBe(900);
    expect(failure({}, { accessTokens: { maxLifetimeSeconds: 59 } }).message).toContain(
      'accessTokens.maxLifetimeSeconds: takes a whole number from 60 to 31536000',
    );
  });

  it('reads how many queries share a connection, for all subgraphs and for one', () => {
    const calledBy = (pipelining: number): GatewaySettings => ({
      subgraphs: { pipelining: 4, each: { users: { pipelining } } },
    });
    const { subgraphs } = loadGatewayConfig({}, [calledBy(1)]);
    expect(subgraphs.pipelining).toBe(4);
    expect(settingsOf(subgraphs, 'users').pipelining).toBe(1);
    expect(failure({}, calledBy(0)).message).toMatch(
      /^subgraphs\.each\.users\.pipelining: takes a whole number from 1 to 64/,
    );
  });

  it('treats an empty variable as an absent one', () => {
    const config = loadGatewayConfig({ GATEWAY_PORT: '', SUBGRAPH_USERS_URL: ' ' });
    expect(config.server.port).toBe(4000);
    expect(settingsOf(config.subgraphs, 'users')).toEqual({});
  });

  it.each([
    [{ GATEWAY_PORT: '80000' }, 'GATEWAY_PORT: takes a whole number from 0 to 65535, not "80000"'],
    [{ GATEWAY_PORT: '-1' }, 'GATEWAY_PORT: takes a whole number'],
    [{ GATEWAY_PORT: '4e3' }, 'GATEWAY_PORT: takes a whole number'],
    [
      { JWKS_URL: 'ftp://a.test' },
      'JWKS_URL: takes an http:// or https:// URL, not "ftp://a.test"',
    ],
    [{ SUBGRAPH_USERS_ULR: 'http://a.test' }, 'the nearest is SUBGRAPH_USERS_URL'],
    [{ SUBGRAPH_BREAKER: 'false' }, 'the nearest is calls.breaker in the settings file'],
    [{ PERSISTED_DOCUMENT_MODE: 'enforce' }, 'the nearest is persistedDocuments.mode in the'],
    [{ OPERATION_MAX_DEPHT: '5' }, 'the nearest is limits.maxDepth in the settings file'],
    [
      { COST_MODE: 'off' },
      'COST_MODE is no variable any more: set limits.costMode in the settings',
    ],
    [
      { SUBGRAPH_USERS_TIMEOUT_MS: '9' },
      'SUBGRAPH_USERS_TIMEOUT_MS is no variable any more: set subgraphs.each.users.timeoutMs in',
    ],
    [{ CORS_ORIGIN: 'https://a.test' }, 'the nearest is CORS_ORIGINS'],
    [{ NODE_ENV: 'staging' }, 'NODE_ENV: takes development, test or production, not "staging"'],
    [{ HOST: '0.0.0.0' }, 'HOST: other machines can reach 0.0.0.0'],
    [{ SUBGRAPH_USERS_URL: 'users:4001' }, 'SUBGRAPH_USERS_URL: takes an http://'],
    [
      { JWKS_URL: 'ftp://user:secret@a.test' },
      'JWKS_URL: takes an http:// or https:// URL, not "…@a.test"',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: takes one of trace'],
  ])('refuses %j and names the variable', (environment, complaint) => {
    const error = failure(environment);
    expect(error.code).toBe('SETTING_INVALID');
    expect(error.message).toContain(complaint);
  });

  it.each<[GatewaySettings, string]>([
    [{ subgraphs: { timeoutMs: 0 } }, 'subgraphs.timeoutMs: takes a whole number from 1'],
    [
      { landingPages: { graphiql: 'yes' } },
      'landingPages.graphiql: takes true or false, not "yes"',
    ],
    [{ calls: { maxRetries: 9 } }, 'calls.maxRetries: takes a whole number from 0 to 5'],
    [{ planCache: { maxBytes: '64MB' } }, 'planCache.maxBytes: takes a whole number from 1048576'],
    [
      { subgraphs: { each: { users: { timeoutMs: '1s' } } } },
      'subgraphs.each.users.timeoutMs: takes a whole number',
    ],
    [
      { subgraphs: { forwardedHeaders: ['x-a', 'b c'] } },
      'subgraphs.forwardedHeaders.1: takes names of headers, not "b c"',
    ],
    [
      { subgraphs: { forwardedHeaders: ['X-Gateway-Identity'] } },
      'subgraphs.forwardedHeaders.0: may not pass on "x-gateway-identity"',
    ],
    [{ limits: { oncePerOperation: ['a b'] } }, 'limits.oncePerOperation.0: takes a list of names'],
    [
      { server: { minInFlight: 600 } },
      'server.minInFlight: may not be more than server.maxInFlight',
    ],
    [{ database: { poolMax: 0 } }, 'database.poolMax: takes a whole number from 1 to 1000'],
    [
      { database: { pool: 1 } } as GatewaySettings,
      'database.pool: no setting has this name; the nearest is poolMax',
    ],
    [{ server: 5 } as unknown as GatewaySettings, 'has something else than a mapping as "server"'],
  ])('refuses the settings %j of a program and names the key', (settings, complaint) => {
    const error = failure({}, settings);
    expect(error.code).toBe('SETTING_INVALID');
    expect(error.message).toContain(complaint);
  });

  it('has the key that is named for each variable, and for each former variable', () => {
    const known = keysOfEach();
    expect(known.size).toBeGreaterThan(80);
    for (const key of [...keysOfVariables.values(), ...removedVariables.values()]) {
      expect([key, known.has(key)]).toEqual([key, true]);
    }
  });

  it("prefers the environment to the program's settings, later ones to earlier ones, and those to the file", () => {
    const path = fileWith('server: { port: 1, requestTimeoutMs: 1, maxConnections: 1 }');
    const { server } = loadGatewayConfig({ GATEWAY_CONFIG: path, GATEWAY_PORT: '3' }, [
      { server: { port: 2, requestTimeoutMs: 2, drainTimeoutMs: 2 } },
      { server: { drainTimeoutMs: 3 } },
    ]);
    expect(server).toMatchObject({
      port: 3,
      requestTimeoutMs: 2,
      maxConnections: 1,
      drainTimeoutMs: 3,
    });
  });

  it('ignores the variables that Kubernetes sets for a service "subgraph-users"', () => {
    const config = loadGatewayConfig({
      SUBGRAPH_USERS_SERVICE_HOST: '10.0.0.1',
      SUBGRAPH_USERS_SERVICE_PORT: '4001',
      SUBGRAPH_USERS_PORT: 'tcp://10.0.0.1:4001',
      SUBGRAPH_USERS_PORT_4001_TCP_ADDR: '10.0.0.1',
    });
    expect(config.subgraphs.each).toEqual({});
  });

  it('reports all invalid settings at once', () => {
    const { message } = failure({ GATEWAY_PORT: 'x', LOG_LEVEL: 'loud' });
    expect(message).toMatch(/^2 settings are wrong:\nGATEWAY_PORT: .*\nLOG_LEVEL: /);
  });

  it('reports mistakes in the file, in the environment and with the mode at once', () => {
    const path = fileWith('server: { prt: 1, maxConnections: 0 }\nlimits:\n  maxDephts: 1');
    const { message } = failure({
      GATEWAY_CONFIG: path,
      NODE_ENV: 'Production',
      COST_MOD: 'off',
      COST_MAX: '9',
      GATEWAY_PORT: 'x',
      LOG_LEVEL: 'loud',
    });
    expect(message.split('\n').map((line) => line.replace(path, 'FILE'))).toEqual([
      '8 settings are wrong:',
      'COST_MOD: no setting has this name; the nearest is limits.costMode in the settings file that GATEWAY_CONFIG names',
      'COST_MAX is no variable any more: set limits.costMax in the settings file that GATEWAY_CONFIG names',
      'NODE_ENV: takes development, test or production, not "Production"; the nearest is production',
      expect.stringMatching(/^GATEWAY_PORT: takes a whole number/),
      expect.stringMatching(/^FILE:1: server\.maxConnections: takes a whole number/),
      expect.stringMatching(
        /^FILE:1: server\.prt: .* the nearest is port, of host, port, maxConnec/,
      ),
      expect.stringMatching(/^FILE:3: limits\.maxDephts: .* the nearest is maxDepth, of maxTokens/),
      expect.stringMatching(/^LOG_LEVEL: takes one of/),
    ]);
  });

  it('reports where an invalid value is from: the variable that overrides it, or its path in the file', () => {
    const path = fileWith('server:\n  host: 0.0.0.0\n  port: x\n');
    expect(failure({ GATEWAY_CONFIG: path }).message).toContain(`${path}:3: server.port: takes`);
    expect(failure({ GATEWAY_CONFIG: path, GATEWAY_PORT: 'y' }).message).toMatch(/^GATEWAY_PORT: /);
    expect(failure({ GATEWAY_CONFIG: path, GATEWAY_PORT: '1' }).message).toMatch(
      /gateway\.yaml:2: server\.host: other machines can reach 0\.0\.0\.0/,
    );
  });

  it('does not repeat a key that is too short', () => {
    const { message } = failure({ SUBGRAPH_USERS_IDENTITY_KEY: 'too-short' });
    expect(message).toContain('SUBGRAPH_USERS_IDENTITY_KEY: takes keys of at least 32 bytes');
    expect(message).not.toContain('too-short');
  });

  it.each([
    ['servr: { port: 1 }', /gateway\.yaml:1: servr: .* the nearest is server, of .*telemetry/],
    ['# Ours.\n\nserver:\n  prt: 1', /gateway\.yaml:4: server\.prt: .* the nearest is port/],
    [
      'subgraphs:\n  each:\n    fancy-books: { uri: "http://a.test" }',
      /gateway\.yaml:3: subgraphs\.each\.fancy-books\.uri: .* the nearest is url, of url, identityKey/,
    ],
    [
      'x: &same { prt: 1 }\nserver: *same',
      /gateway\.yaml:1: x: no setting has this name; .*\n.*gateway\.yaml:1: server\.prt: .* the nearest is port/,
    ],
    [
      'persistedDocuments:\n  mode: enforce',
      /gateway\.yaml:1: persistedDocuments\.path is missing: the modes log and enforce/,
    ],
    ['server: { port: 1 }\nserver: {}', /cannot be read: Map keys must be unique at line 2/],
    ['server: 5', /has something else than a mapping as "server"/],
    ['- a', /does not hold a mapping/],
    ['mode: production', /sets "mode", which NODE_ENV decides/],
    ['server: {', /cannot be read/],
  ])('refuses the file %j', (content, message) => {
    const error = failure({ GATEWAY_CONFIG: fileWith(content) });
    expect([error.name, error.code]).toEqual(['SettingsError', 'SETTING_INVALID']);
    expect(error.message).toMatch(message);
  });

  it('refuses a file that does not exist', () => {
    expect(failure({ GATEWAY_CONFIG: '/nowhere/gateway.yaml' }).message).toContain(
      'cannot be read',
    );
  });

  it('accepts an empty file', () => {
    expect(loadGatewayConfig({ GATEWAY_CONFIG: fileWith('') }).server.port).toBe(4000);
  });

  it('has no landing pages in production, and refuses to enable them there', () => {
    const production = { NODE_ENV: 'production' };
    const { landingPages } = loadGatewayConfig(production);
    expect(landingPages).toMatchObject({ sandbox: false, graphiql: false });
    const { message } = failure(production, { landingPages: { sandbox: true } });
    expect(message).toMatch(/^landingPages\.sandbox may not be true in production/);
  });
});

/** The keys that an error about an unknown key under `each` offers. */
function keysOfEach(): ReadonlySet<string> {
  return new Set(
    settingSections.flatMap((section) => {
      const { message } = failure({}, { [section]: { none: 1 } });
      const [, list = ''] = /, of ([\w, ]+)/.exec(message) ?? [];
      return list.split(', ').map((key) => `${section}.${key}`);
    }),
  );
}

describe('config/identity-keys', () => {
  const strong = 'a-production-key-of-at-least-32-bytes';
  const other = 'an-older-production-key-of-at-least-32-bytes';

  it('has a key for each subgraph in development', () => {
    expect(identityKeyFor(loadGatewayConfig({}), 'users')).toBe(developmentIdentityKey('users'));
  });

  it('reports all missing keys at once', () => {
    const config = loadGatewayConfig({
      NODE_ENV: 'production',
      SUBGRAPH_USERS_IDENTITY_KEY: strong,
      SUBGRAPH_ORDERS_IDENTITY_KEY: developmentIdentityKey('orders'),
    });
    expect(() => {
      requireIdentityKeys(config, ['users', 'products', 'orders']);
    }).toThrow(
      /^2 settings are wrong:\nSUBGRAPH_PRODUCTS_IDENTITY_KEY is missing.*\nSUBGRAPH_ORDERS_IDENTITY_KEY is the dev/,
    );
  });

  it('signs with the first of several keys', () => {
    const config = loadGatewayConfig({
      NODE_ENV: 'production',
      SUBGRAPH_FANCY_BOOKS_IDENTITY_KEY: `${strong}, ${other}`,
    });
    expect(identityKeyFor(config, 'fancy-books')).toBe(strong);
  });

  it.each([
    [undefined, 'SUBGRAPH_USERS_IDENTITY_KEY is missing'],
    [developmentIdentityKey('users'), 'SUBGRAPH_USERS_IDENTITY_KEY is the development key'],
  ])('refuses the key %s in production', (key, message) => {
    const environment = { NODE_ENV: 'production', SUBGRAPH_USERS_IDENTITY_KEY: key };
    const config = loadGatewayConfig(environment);
    expect(() => identityKeyFor(config, 'users')).toThrow(message);
  });
});
