import { describe, expect, it } from '@jest/globals';
import { removedVariables } from './removed-variables.ts';
import { refuseUnknownVariables } from './setting-names.ts';
import { perSubgraphKeys, settingNames } from './setting-variables.ts';
import type { SettingsError } from './settings.ts';

function faultsOf(
  environment: Readonly<Record<string, string>>,
  subgraphs: readonly string[] = [],
): readonly string[] {
  try {
    refuseUnknownVariables(environment, subgraphs);
    return [];
  } catch (error) {
    return (error as SettingsError).faults;
  }
}

const inFile = ' in the settings file that GATEWAY_CONFIG names';

describe('common/setting-names', () => {
  it('accepts every setting of every service, in any process', () => {
    const all = [
      ...settingNames,
      ...[...perSubgraphKeys.keys()].map((ending) => `SUBGRAPH_GIFT_CARDS_${ending}`),
      'USERS_PORT',
    ];
    expect(faultsOf(Object.fromEntries(all.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('refuses each that is no variable any more, and names the key of the settings file', () => {
    const removed = [
      ...removedVariables,
      ['SUBGRAPH_USERS_TIMEOUT_MS', 'subgraphs.each.users.timeoutMs'],
      ['SUBGRAPH_GIFT_CARDS_MAX_IN_FLIGHT', 'subgraphs.each.gift-cards.maxInFlight'],
      ['SUBGRAPH_USERS_PIPELINING', 'subgraphs.each.users.pipelining'],
    ] as const;
    expect(removed.length).toBeGreaterThan(60);
    for (const [name, key] of removed) {
      expect(faultsOf({ [name]: '1' })).toEqual([
        `${name} is no variable any more: set ${key} in the settings file that GATEWAY_CONFIG names`,
      ]);
    }
  });

  it('refuses one that set what is not there any more', () => {
    expect(faultsOf({ DIRECT_LANE_ENABLED: 'false' })).toEqual([
      'DIRECT_LANE_ENABLED is no variable any more: it had no effect, and can be deleted',
    ]);
  });

  it('refuses all of them at once, but those that are empty', () => {
    const all = [...removedVariables.keys()];
    expect(faultsOf(Object.fromEntries(all.map((name) => [name, 'x'])))).toHaveLength(all.length);
    expect(faultsOf(Object.fromEntries(all.map((name) => [name, ' '])))).toEqual([]);
  });

  it('refuses every setting with a letter swapped, left out, doubled or put at its end, and names it', () => {
    const slips = (name: string): readonly string[] => {
      const at = Math.max(1, name.lastIndexOf('_') + 1);
      return [
        `${name.slice(0, at)}${name.slice(at + 1, at + 2)}${name.slice(at, at + 1)}${name.slice(at + 2)}`,
        name.slice(0, -1),
        `${name}${name.slice(-1)}`,
        `${name}S`,
      ].filter((slip) => slip !== name);
    };
    const known: ReadonlySet<string> = new Set([...settingNames, ...removedVariables.keys()]);
    for (const name of settingNames.filter((each) => each !== 'HOST')) {
      for (const slip of slips(name).filter((each) => !known.has(each))) {
        expect(faultsOf({ [slip]: 'x' })).toEqual([
          `${slip}: no setting has this name; the nearest is ${name}`,
        ]);
      }
    }
  });

  it.each([
    ['PERSISTED_DOCUMENT_MODE', `persistedDocuments.mode${inFile}`],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['RATE_LIMIT', `rateLimits.enabled${inFile}`],
    ['GATEWAY_HOST', 'GATEWAY_PORT'],
    ['BODY_LIMIT_MB', `server.bodyLimitBytes${inFile}`],
    ['REQUEST_TIMEOUT_SECONDS', `server.requestTimeoutMs${inFile}`],
    ['SUBGRAPH_USERS_TIMEOUT', `subgraphs.each.users.timeoutMs${inFile}`],
    ['SUBGRAPH_GIFT_CARDS_ULR', 'SUBGRAPH_GIFT_CARDS_URL'],
    ['SUBGRAPH_ORDERS_KEY', 'SUBGRAPH_ORDERS_URL'],
    ['NODE_EVN', 'NODE_ENV'],
    ['REDIS_URI', 'REDIS_URL'],
  ])('suggests the nearest setting for %s: %s', (name, meant) => {
    expect(faultsOf({ [name]: 'x' })).toEqual([
      `${name}: no setting has this name; the nearest is ${meant}`,
    ]);
  });

  it('reports all of them together', () => {
    expect(faultsOf({ COST_MOD: 'off', HOME: '/root', CORS_ORIGIN: '*' })).toHaveLength(2);
  });

  it.each([
    ['HOME'],
    ['HOSTNAME'],
    ['PORT'],
    ['NODE_OPTIONS'],
    ['NODE_EXTRA_CA_CERTS'],
    ['NODE_VERSION'],
    ['HTTP_PROXY'],
    ['REQUESTS_CA_BUNDLE'],
    ['ACCESS_KEY'],
    ['MAX_JOBS'],
    ['INPUT_TOKEN'],
    ['LIST_MAX'],
    ['LOG_FORMAT'],
    ['REDIS_PASSWORD'],
    ['POSTGRES_PASSWORD'],
    ['PGHOST'],
    ['TEST_DATABASE_URL'],
    ['XDG_DATA_DIRS'],
    ['npm_config_cache'],
    ['USERS_SHELL'],
  ])('ignores %s, which belongs to another program', (name) => {
    expect(faultsOf({ [name]: 'x' })).toEqual([]);
  });

  it('rejects unknown names with the prefix of a subgraph only in its own process', () => {
    expect(faultsOf({ GIFT_CARDS_PROT: '1' })).toEqual([]);
    expect(faultsOf({ GIFT_CARDS_PROT: '1' }, ['gift-cards'])).toEqual([
      'GIFT_CARDS_PROT: no setting has this name; the nearest is GIFT_CARDS_PORT',
    ]);
    expect(faultsOf({ GIFT_CARDS_PORT: '1' }, ['gift-cards'])).toEqual([]);
  });

  it('ignores a name similar to a setting when the setting is set, too', () => {
    expect(faultsOf({ REDIS_URI: 'redis://a', REDIS_URL: 'redis://a' })).toEqual([]);
  });

  it('ignores the service variables of Kubernetes, but not a mistyped port', () => {
    expect(
      faultsOf({
        SUBGRAPH_USERS_SERVICE_HOST: '10.0.0.1',
        SUBGRAPH_USERS_SERVICE_PORT_HTTP: '4001',
        SUBGRAPH_USERS_PORT: 'tcp://10.0.0.1:4001',
        SUBGRAPH_USERS_PORT_4001_TCP_ADDR: '10.0.0.1',
        GATEWAY_PORT: 'tcp://10.0.0.2:4000',
      }),
    ).toEqual([]);
    expect(faultsOf({ SUBGRAPH_USERS_PORT: '4001' })).toHaveLength(1);
  });
});
