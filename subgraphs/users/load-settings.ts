import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../../common/errors.ts';
import type { Mode } from '../../common/mode.ts';
import { readSources } from '../../common/setting-sources.ts';
import { text } from '../../common/setting-values.ts';
import type { SettingName } from '../../common/setting-variables.ts';
import { valueAt } from '../../common/settings-file.ts';
import {
  type Environment,
  Faults,
  parseSettings,
  SettingsError,
  variable,
} from '../../common/settings.ts';
import { readPrivateKeyPems } from './services/private-key-pem.ts';

/**
 * How access tokens are issued.
 *
 * Keys rotate by configuration, and all tokens stay valid meanwhile:
 * 1. Add the new key after the old one and restart. It is published, but does not sign yet; wait until every verifier
 * has fetched it (the published keys may be cached for 5 minutes).
 * 2. Put the new key first and restart. It signs; tokens of the old one stay valid, because it is still published.
 * 3. 15 minutes later, when the last of those has expired, remove the old key.
 */
export interface AccessTokenSettings {
  /** `iss` of the tokens; the gateway expects the same. */
  readonly issuer: string;
  /** `aud` of the tokens; the gateway expects the same. */
  readonly audience: string;
  /** P-256 private keys in PEM form, the first of which signs; absent when a development key is used. */
  readonly privateKeys?: readonly [string, ...string[]] | undefined;
}

const keysVariable = 'ACCESS_TOKEN_PRIVATE_KEYS' satisfies SettingName;
const keysFile: SettingName = `${keysVariable}_FILE`;

/** The variables that this subgraph reads in addition to those of every subgraph. */
export const accessTokenVariables: readonly SettingName[] = [
  'ACCESS_TOKEN_ISSUER',
  'ACCESS_TOKEN_AUDIENCE',
  keysVariable,
  keysFile,
];

const privateKeys = z.string().transform((value, context) => {
  const pems = readPrivateKeyPems(value);
  if (pems) return pems;
  const message = 'takes unencrypted P-256 private keys in PEM form, one after another';
  // Without the input, which may contain a key.
  context.issues.push({ code: 'custom', message, input: undefined });
  return z.NEVER;
});

const schema = z.strictObject({
  issuer: text,
  audience: text,
  privateKeys: privateKeys.optional(),
});

/**
 * Settings of access tokens: `issuer` and `audience` from the section `accessTokens` of the settings file, or the
 * variables that override them; and from the environment `ACCESS_TOKEN_PRIVATE_KEYS`, or
 * `ACCESS_TOKEN_PRIVATE_KEYS_FILE` with the path of a file with the keys. Throws a SettingsError with each invalid
 * setting; in production also without keys.
 */
export function loadAccessTokenSettings(environment: Environment, mode: Mode): AccessTokenSettings {
  const faults = new Faults();
  const { values, nameOf } = readSources(environment, faults);
  const set = (name: string): unknown => valueAt(values, ['accessTokens', name]);
  const keys = faults.collect(() => readKeysText(environment));
  const settings = faults.collect(() =>
    parseSettings<AccessTokenSettings>(
      schema,
      {
        issuer: set('issuer') ?? 'supergraph-users',
        audience: set('audience') ?? 'supergraph',
        privateKeys: keys,
      },
      (path) => (path[0] === 'privateKeys' ? keysVariable : nameOf(['accessTokens', ...path])),
    ),
  );
  const areNamed = [keysVariable, keysFile].some((name) => variable(environment, name));
  if (mode === 'production' && !areNamed) {
    faults.add([
      `${keysVariable} is missing: production needs its own P-256 key to sign access tokens, here or in the file in ${keysFile} (openssl ecparam -name prime256v1 -genkey -noout)`,
    ]);
  }
  return faults.settle(settings);
}

function readKeysText(environment: Environment): string | undefined {
  const pems = variable(environment, keysVariable);
  const file = variable(environment, keysFile);
  if (file === undefined) return pems;
  if (pems !== undefined) {
    throw new SettingsError([`${keysVariable} and ${keysFile} are both set; set only one`]);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SettingsError([`${keysFile} names a file that cannot be read: ${messageOf(error)}`], {
      cause: error,
    });
  }
}
