/**
 * An environment variable that sets something. Either it sets a key of the settings file, whose default and meaning are
 * in the schema of that key, or it has them here.
 */
export type SettingVariable =
  | { readonly key: string }
  | {
      /** Empty where there is none. */
      readonly default: string;
      /** What production takes instead: another default, or a demand. */
      readonly production?: string;
      readonly meaning: string;
    };

/**
 * Every variable that sets something in any of our processes, so that they can share one `.env`: what differs from one
 * deployment to the next. All else is in the settings file alone: see docs/decisions/0010-settings.md.
 */
export const settingVariables = {
  NODE_ENV: {
    default: 'development',
    meaning:
      '`development`, `test` (the same) or `production`, which closes what is only for development: landing pages, introspection, demonstration data, default keys.',
  },
  GATEWAY_CONFIG: {
    default: '',
    meaning:
      'The settings file (YAML). Each process takes its part of it, so that all can share one.',
  },
  HOST: { key: 'server.host' },
  GATEWAY_PORT: { key: 'server.port' },
  LOG_LEVEL: { key: 'telemetry.logLevel' },
  DATABASE_URL: {
    default: '',
    production: 'needed',
    meaning: 'Subgraphs: a PostgreSQL server; without it, the embedded database in `DATA_DIR`.',
  },
  DATA_DIR: {
    default: '.data',
    meaning: 'Subgraphs: the home of the embedded database and of a generated signing key.',
  },
  MIGRATIONS_AT_START: {
    default: 'run',
    meaning:
      'Subgraphs: what a start does about migrations that the database lacks: `run` them, or `refuse` and leave them to `npm run migrate`.',
  },
  DEMO_DATA: {
    default: 'true',
    production: 'false; true is refused',
    meaning:
      'Subgraphs: whether demonstration accounts and data are written at the first start, into empty tables only.',
  },
  SUPERGRAPH_PATH: { key: 'supergraph.path' },
  CORS_ORIGINS: { key: 'cors.origins' },
  TRUSTED_PROXIES: { key: 'rateLimits.trustedProxies' },
  REDIS_URL: { key: 'rateLimits.redisUrl' },
  AMQP_URL: { key: 'events.amqpUrl' },
  KAFKA_BROKERS: { key: 'events.kafkaBrokers' },
  EVENTS_PORT: { key: 'events.port' },
  SMTP_URL: { key: 'notifications.smtpUrl' },
  JWKS_URL: { key: 'accessTokens.jwksUrl' },
  ACCESS_TOKEN_ISSUER: { key: 'accessTokens.issuer' },
  ACCESS_TOKEN_AUDIENCE: { key: 'accessTokens.audience' },
  ACCESS_TOKEN_PRIVATE_KEYS: {
    default: '',
    production: 'needed, or the next',
    meaning:
      'Users: EC P-256 keys in PEM that sign access tokens (`openssl ecparam -name prime256v1 -genkey -noout`). The first signs, all are published. Without one, development makes one in `DATA_DIR`.',
  },
  ACCESS_TOKEN_PRIVATE_KEYS_FILE: { default: '', meaning: 'Users: a file with those keys.' },
  INVENTORY_GRPC_ADDRESS: {
    default: '127.0.0.1:50051',
    meaning:
      'Products serves gRPC on the port of this address, beside HTTP, and other services find it there: `host:port`.',
  },
} as const satisfies Readonly<Record<string, SettingVariable>>;

/** The name of a variable that sets something. */
export type SettingName = keyof typeof settingVariables;

/** The names of all variables, without those of each subgraph. */
export const settingNames = Object.keys(settingVariables) as readonly SettingName[];

/** The keys of the settings file that have a variable, each by the name of that. */
export const keysOfVariables: ReadonlyMap<SettingName, string> = new Map(
  settingNames.flatMap((name) => {
    const variable: SettingVariable = settingVariables[name];
    return 'key' in variable ? [[name, variable.key] as const] : [];
  }),
);

/** What is set for one subgraph by a variable: `SUBGRAPH_<NAME>_URL` is its `url` under `subgraphs.each`. */
export const perSubgraphKeys: ReadonlyMap<string, string> = new Map([
  ['URL', 'url'],
  ['IDENTITY_KEY', 'identityKey'],
]);

/** How a subgraph is written in the names of variables: in capitals, `_` for all that is no letter or digit. */
export function variableNameOf(subgraph: string): string {
  return subgraph.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
