import type { z } from 'zod';
import { StartupError } from './errors.ts';

/** Text that came from outside: environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Validates settings against a strict schema and freezes them. `nameOf` turns the path of a setting into the name by
 * which the operator knows it. Throws a StartupError that names every bad setting, what was expected and what came.
 */
export function parseSettings<T>(
  schema: z.ZodType<T>,
  values: unknown,
  nameOf: (path: readonly PropertyKey[]) => string,
): Readonly<T> {
  const result = schema.safeParse(values);
  if (result.success) return deepFreeze(result.data);
  const complaints = result.error.issues.map((issue) => `${nameOf(issue.path)}: ${issue.message}`);
  throw new StartupError(
    'SETTING_INVALID',
    `${complaints.length === 1 ? 'A setting is' : 'Settings are'} missing or malformed: ${complaints.join('; ')}.`,
    'Correct it in the environment; the README lists all settings.',
  );
}

/** The variable's value, with an empty text counting as absent, as container tools pass it. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

function deepFreeze<T>(value: T): Readonly<T> {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
