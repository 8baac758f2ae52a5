import { z } from 'zod';
import { withoutCredentials } from './address-credentials.ts';
import { identityKeyMinBytes } from './identity-token.ts';
import { type LogLevel, logLevels } from './logger.ts';
import { nearest } from './nearest.ts';

/** What a setting takes, in words, by its schema: for docs/settings.md. */
export const takenBy: z.core.$ZodRegistry<{ readonly takes: string }> = z.registry();

/** A whole number, from a file as a number or from the environment as digits. */
export function wholeNumber(least: number, most: number): z.ZodType<number> {
  const schema: z.ZodType<number> = z.unknown().transform((value, context) => {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (Number.isInteger(number) && Number(number) >= least && Number(number) <= most) {
      return Number(number);
    }
    const message = `takes a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`;
    context.issues.push({ code: 'custom', message, input: value });
    return z.NEVER;
  });
  return schema.register(takenBy, { takes: `${least} … ${most}` });
}

/** A yes or no, from a file as a boolean or from the environment as `true` or `false`. */
export const flag: z.ZodType<boolean> = z
  .unknown()
  .transform((value, context) => {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    const message = `takes true or false, not ${JSON.stringify(value)}`;
    context.issues.push({ code: 'custom', message, input: value });
    return z.NEVER;
  })
  .register(takenBy, { takes: 'true, false' });

/** An address of HTTP. */
export const httpUrl: z.ZodType<string> = z
  .url({
    protocol: /^https?$/,
    error: ({ input }) => {
      const shown = typeof input === 'string' ? withoutCredentials(input) : input;
      return `takes an http:// or https:// URL, not ${JSON.stringify(shown)}`;
    },
  })
  .register(takenBy, { takes: 'a URL' });

/** An address of HTTP or of WebSockets. */
export const streamUrl: z.ZodType<string> = z
  .url({
    protocol: /^(?:https?|wss?)$/,
    error: ({ input }) => {
      const shown = typeof input === 'string' ? withoutCredentials(input) : input;
      return `takes an http://, https://, ws:// or wss:// URL, not ${JSON.stringify(shown)}`;
    },
  })
  .register(takenBy, { takes: 'a URL' });

/** True for `host:port`, with an IPv6 address in brackets. */
export function isHostAndPort(value: string): boolean {
  const [, port] = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(value) ?? [];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}

/** An address of a server that is not reached by HTTP. */
export const serverAddress: z.ZodType<string> = z
  .string({ error: 'takes host:port' })
  .refine(isHostAndPort, {
    error: ({ input }) => `takes host:port, not ${JSON.stringify(input)}`,
  })
  .register(takenBy, { takes: 'host:port' });

/** Text that is not empty. */
export const text: z.ZodType<string> = z
  .string({ error: 'takes a text' })
  .min(1, 'is empty')
  .register(takenBy, { takes: 'a text' });

/** A list: a list in a file, or separated by commas in the environment. */
export function list(
  isGood: (entry: string) => boolean = (entry) => entry !== '',
  error = 'takes a list of names',
): z.ZodType<readonly string[]> {
  const schema: z.ZodType<readonly string[]> = z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((entry) => entry.trim())
            .filter(Boolean)
        : value,
    z.array(z.string().refine(isGood, { error }), { error }),
  );
  return schema.register(takenBy, { takes: error.replace('takes ', '') });
}

/**
 * Keys for signing identities, separated by commas, so that gateway and subgraph can share a variable during a key
 * rotation.
 */
export const identityKeys: z.ZodType<string[]> = z
  .string({ error: 'is missing; production has no default key (openssl rand -hex 32 makes one)' })
  .transform((keys) => keys.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => Buffer.byteLength(key) >= identityKeyMinBytes), {
    error: `takes keys of at least ${identityKeyMinBytes} bytes, separated by commas`,
  })
  .register(takenBy, { takes: 'a text' });

/** One of some names. */
export function oneOf<const Name extends string>(names: readonly Name[]): z.ZodType<Name> {
  const schema: z.ZodType<Name> = z.enum(names, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? nearest(input, names) : undefined;
      const hint = near === undefined ? '' : `; the nearest is ${near}`;
      return `takes one of ${names.join(', ')}, not ${JSON.stringify(input)}${hint}`;
    },
  });
  return schema.register(takenBy, { takes: names.join(', ') });
}

/** The log level. */
export const logLevel: z.ZodType<LogLevel> = z.enum(logLevels, {
  error: ({ input }) => `takes one of ${logLevels.join(', ')}, not ${JSON.stringify(input)}`,
});
