import { z } from 'zod';
import { takenBy } from '../../common/setting-values.ts';
import { type SettingSection, settingSections } from '../../common/settings-file.ts';
import { loadGatewayConfig, settingsSchema } from '../../gateway/config/load.ts';

/** A key of the settings file, as its schema describes it. */
export interface DescribedKey {
  /** Within its section; for settings of one subgraph it contains `<name>`. */
  readonly path: readonly string[];
  readonly takes: string;
  readonly unit: string;
  /** Undefined if there is none. */
  readonly default: unknown;
  readonly inProduction: unknown;
  readonly description: string;
}

/** A section of the settings file. */
export interface DescribedSection {
  readonly name: SettingSection;
  readonly description: string;
  readonly keys: readonly DescribedKey[];
}

/** Everything that a settings file may hold. Throws for a key that its schema does not describe. */
export function describeSettings(): readonly DescribedSection[] {
  const defaults = loadGatewayConfig({});
  const inProduction = loadGatewayConfig({ NODE_ENV: 'production' });
  return settingSections.map((name) => {
    const schema = settingsSchema.shape[name];
    return {
      name,
      description: descriptionOf(schema, name),
      keys: keysIn(schema).map(([path, key]) => ({
        path,
        takes: takesOf(key, [name, ...path].join('.')),
        unit: unitOf(path.at(-1) ?? ''),
        default: valueIn(defaults[name], path),
        inProduction: valueIn(inProduction[name], path),
        description: descriptionOf(key, [name, ...path].join('.')),
      })),
    };
  });
}

/** The key of a section, written as in `limits.maxDepth`. */
export function keyNamed(sections: readonly DescribedSection[], name: string): DescribedKey {
  const [section, ...path] = name.split('.');
  const key = sections
    .find((each) => each.name === section)
    ?.keys.find((each) => each.path.join('.') === path.join('.'));
  if (!key) throw new Error(`The settings file has no key ${name}.`);
  return key;
}

/** Units are in the names. */
const units: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/Ms$/, 'ms'],
  [/Seconds$/, 's'],
  [/Bytes$/, 'bytes'],
  [/Percent$/, '%'],
  [/PerMinute$/, 'a minute'],
];

function unitOf(key: string): string {
  return units.find(([ending]) => ending.test(key))?.[1] ?? '';
}

/** Keys with their paths, including those of each subgraph. */
function keysIn(schema: z.core.$ZodType): readonly KeyOfSchema[] {
  const object = layersOf(schema).find((layer) => layer instanceof z.ZodObject);
  const shape: Readonly<Record<string, z.core.$ZodType>> = object?.shape ?? {};
  return Object.entries(shape).flatMap(([name, key]): readonly KeyOfSchema[] => {
    const record = layersOf(key).find((layer) => layer instanceof z.ZodRecord);
    if (!record) return [[[name], key]];
    return keysIn(record.valueType).map(([path, member]) => [[name, '<name>', ...path], member]);
  });
}

type KeyOfSchema = readonly [path: readonly string[], schema: z.core.$ZodType];

/** A schema and the schemas inside its defaults. */
function layersOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return isWrapped ? [schema, ...layersOf(schema.unwrap())] : [schema];
}

function descriptionOf(schema: z.core.$ZodType, name: string): string {
  for (const layer of layersOf(schema)) {
    const description = z.globalRegistry.get(layer)?.description;
    if (description !== undefined) return description;
  }
  throw new Error(`The schema of ${name} has no description.`);
}

function takesOf(schema: z.core.$ZodType, name: string): string {
  for (const layer of layersOf(schema)) {
    const takes = takenBy.get(layer)?.takes;
    if (takes !== undefined) return takes;
    if (layer instanceof z.ZodEnum) return layer.options.join(', ');
  }
  throw new Error(`The schema of ${name} does not say what it takes.`);
}

function valueIn(section: unknown, path: readonly string[]): unknown {
  let at = section;
  for (const step of path) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  }
  return at;
}
