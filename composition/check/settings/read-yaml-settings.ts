import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../../common/errors.ts';
import { nearest } from '../../../common/nearest.ts';
import { UsageError } from '../../commands/command.ts';
import { displayPath } from '../../config.ts';
import { formatPlace, type SourcePlace } from '../../problem.ts';
import { parseYaml } from '../../yaml-text.ts';

/** The parsed settings, with their places in the file. */
export interface YamlSettings<T> {
  readonly values: T;
  placeOf(path: readonly PropertyKey[]): SourcePlace;
}

/**
 * Reads a settings file. Returns `undefined` for a missing one, unless the user named it (`isNamed`). Throws a UsageError with
 * the place of the mistake; for an unknown key it suggests the nearest known one.
 */
export async function readYamlSettings<S extends z.ZodType>(
  path: string,
  schema: S,
  isNamed: boolean,
): Promise<YamlSettings<z.output<S>> | undefined> {
  const file = displayPath(path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && !isNamed) return undefined;
    throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`);
  }
  const yaml = parseYaml(text, file);
  if ('problems' in yaml) {
    const [problem] = yaml.problems;
    const place = problem?.places[0];
    throw new UsageError(
      `${place ? formatPlace(place) : file}: ${problem?.message ?? 'not a YAML document'}`,
      problem?.fix,
    );
  }
  const result = schema.safeParse(yaml.values ?? {});
  if (result.success) return { values: result.data, placeOf: (at) => yaml.placeOf(at) };
  const [issue] = result.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const around = issue?.path ?? [];
  const where = unknown === undefined ? around : [...around, unknown];
  const said =
    unknown === undefined
      ? `${where.join('.') || 'the document'}: ${issue?.message ?? 'not as expected'}`
      : unknownName('key', unknown, keysAt(schema, around));
  throw new UsageError(`${formatPlace(yaml.placeOf(where))}: ${said}`);
}

/** The message for an unknown name, with the nearest known one. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `"${name}" is not a known ${what}${meant === undefined ? '.' : `; did you mean ${meant}?`}`;
}

const shape = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
});

/** The keys allowed by a schema at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const step of path) {
    const { properties, additionalProperties, items } = shape.parse(at);
    at = typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties);
    if (at === undefined) return [];
  }
  return Object.keys(shape.parse(at).properties ?? {});
}
