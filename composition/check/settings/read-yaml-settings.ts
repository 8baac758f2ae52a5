import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf } from '../../../common/errors.ts';
import { nearest } from '../../../common/nearest.ts';
import { UsageError } from '../../commands/command.ts';
import { displayPath } from '../../config.ts';
import { formatPlace, type SourcePlace } from '../../problem.ts';
import { parseYaml } from '../../yaml-text.ts';

/** What a file of settings says, and where. */
export interface YamlSettings<T> {
  readonly values: T;
  placeOf(path: readonly PropertyKey[]): SourcePlace;
}

/**
 * Reads a file of settings. One that is missing is `undefined`, unless it `isNamed` by somebody. Throws a UsageError with
 * the place of what is wrong; an unknown key is answered with the nearest known one.
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

/** Says that a name is not known, and which one was probably meant. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `"${name}" is not a known ${what}${meant === undefined ? '.' : `; did you mean ${meant}?`}`;
}

const shape = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});

/** The keys that a schema has at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const step of path) {
    const { properties = {}, items } = shape.parse(at);
    at = typeof step === 'number' ? items : properties[String(step)];
    if (at === undefined) return [];
  }
  return Object.keys(shape.parse(at).properties ?? {});
}
