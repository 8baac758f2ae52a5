import { z } from 'zod';
import { StartupError } from './errors.ts';
import { nearest } from './nearest.ts';

/** Values from outside: environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Invalid settings; the process must not start. `faults` has a line for each, with the setting's name. */
export class SettingsError extends StartupError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    const [first = ''] = faults;
    super(
      'SETTING_INVALID',
      faults.length === 1
        ? asSentence(first)
        : `${faults.length} settings are wrong:\n${faults.join('\n')}`,
      'Nothing was started. docs/settings.md has all settings with their defaults and what they mean.',
      options,
    );
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** Collects the faults of all settings of a process, so that they are reported together. */
export class Faults {
  readonly #lines = new Set<string>();

  add(lines: readonly string[]): void {
    for (const line of lines) this.#lines.add(line);
  }

  /** Returns what `read` returns; `undefined` when it throws a SettingsError, whose faults are kept. */
  collect<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      this.add(error.faults);
      return undefined;
    }
  }

  /** Returns a value that was read. Throws a SettingsError with all faults, if there are any. */
  settle<T>(value: T | undefined): T {
    if (this.#lines.size > 0 || value === undefined) throw new SettingsError([...this.#lines]);
    return value;
  }
}

/** Reads several groups of settings. Throws one SettingsError with the faults of all of them. */
export function readTogether<const T extends readonly unknown[]>(reads: {
  readonly [Index in keyof T]: () => T[Index];
}): T {
  const faults = new Faults();
  const values = reads.map((read: () => unknown) => faults.collect(read));
  return faults.settle(values as unknown as T);
}

/**
 * Validates settings against a strict schema and freezes them. `nameOf` turns the path of a setting into the name that
 * the operator knows. Throws a SettingsError that names every invalid setting, with the expected and the actual value.
 */
export function parseSettings<T>(
  schema: z.ZodType<T>,
  values: unknown,
  nameOf: (path: readonly PropertyKey[]) => string,
): Readonly<T> {
  const result = schema.safeParse(values);
  if (result.success) return deepFreeze(result.data);
  throw new SettingsError(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) =>
            unknownKey(nameOf([...issue.path, key]), key, keysAt(schema, issue.path)),
          )
        : [asFault(nameOf(issue.path), issue.message)],
    ),
  );
}

/**
 * The variable's value. An empty value counts as absent, as container tools pass it; so does a service link of
 * Kubernetes.
 */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  if (value === undefined || value === '') return undefined;
  return name.endsWith('_PORT') && isServiceLink(value) ? undefined : value;
}

/** Kubernetes announces a service "users" to every container as `USERS_PORT=tcp://10.0.0.1:4001`. */
export function isServiceLink(value: string): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(value);
}

/** The keys that a strict object in a schema accepts, by its path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = schema;
  for (const step of path) {
    const inner = unwrapped(at);
    if (inner instanceof z.ZodObject) at = (inner.shape as Record<string, unknown>)[String(step)];
    else if (inner instanceof z.ZodRecord) at = inner.valueType;
  }
  const inner = unwrapped(at);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrapped(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional) {
    at = at.unwrap();
  }
  return at;
}

function unknownKey(name: string, key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? `${name}: no setting has this name`
    : `${name}: no setting has this name; the nearest is ${meant}, of ${known.join(', ')}`;
}

function asFault(name: string, message: string): string {
  return message.startsWith('is ') ? `${name} ${message}` : `${name}: ${message}`;
}

function asSentence(line: string): string {
  return line.endsWith('.') ? line : `${line}.`;
}

function deepFreeze<T>(value: T): Readonly<T> {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
