import { readFileSync } from 'node:fs';
import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { messageOf } from './errors.ts';
import { variableNameOf } from './setting-variables.ts';
import { SettingsError } from './settings.ts';

/** The sections of a settings file. The gateway knows the keys of each; other processes take what is theirs. */
export const settingSections = [
  'server',
  'cors',
  'rest',
  'limits',
  'rateLimits',
  'persistedDocuments',
  'supergraph',
  'subgraphs',
  'calls',
  'subscriptions',
  'planCache',
  'accessTokens',
  'access',
  'landingPages',
  'telemetry',
  'usage',
  'database',
  'events',
  'notifications',
  'fulfilment',
  'chat',
] as const;

/** The name of a section of a settings file. */
export type SettingSection = (typeof settingSections)[number];

/** Settings before they are checked: by section, and in a section by name. */
export type Values = Map<string, unknown>;

/** What a settings file holds, or something in its place. */
export interface SettingsFile {
  /** Subgraphs are under their names in variables (`variableNameOf`). */
  readonly values: Values;
  /** The place of a key in words, before its name: the file and the line; of a key that is absent that of its section. */
  placeOf(path: readonly string[]): string;
  /** A key as the file writes it. */
  writtenAs(path: readonly string[]): string;
}

/** Reads a settings file (YAML). Throws a SettingsError that names the file. */
export function readSettingsFile(path: string): SettingsFile {
  const lines = new LineCounter();
  let document: Document;
  let content: unknown;
  try {
    document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
    const [error] = document.errors;
    if (error) throw error;
    content = document.toJS();
  } catch (error) {
    throw unusable(path, [`cannot be read: ${messageOf(error).split('\n', 1).join()}`], error);
  }
  if (content !== null && !isMapping(content)) throw unusable(path, ['does not hold a mapping']);
  const { values, subgraphs, problems } = nested(content ?? {});
  if (problems.length > 0) throw unusable(path, problems);
  const written = (at: readonly string[]) => withNameOf(subgraphs, at);
  return {
    values,
    placeOf(at) {
      const offset = offsetOf(document, written(at));
      return offset === undefined ? `${path}: ` : `${path}:${lines.linePos(offset).line}: `;
    },
    writtenAs: (at) => written(at).join('.'),
  };
}

/** Settings from a program instead of a file. Throws a SettingsError for a section that is not a mapping. */
export function settingsFrom(content: object): SettingsFile {
  const { values, subgraphs, problems } = nested(content);
  if (problems.length > 0)
    throw new SettingsError(problems.map((problem) => `settings ${problem}`));
  return {
    values,
    placeOf: () => '',
    writtenAs: (at) => withNameOf(subgraphs, at).join('.'),
  };
}

/** A nested mapping, made when it is absent. */
export function sectionOf(values: Values, name: string): Values {
  const known = values.get(name);
  if (known instanceof Map) return known as Values;
  const made: Values = new Map();
  values.set(name, made);
  return made;
}

/** What is under a path; undefined when nothing is. */
export function valueAt(values: Values, path: readonly string[]): unknown {
  let at: unknown = values;
  for (const step of path) at = at instanceof Map ? (at as Values).get(step) : undefined;
  return at;
}

/** The same as objects, as a schema takes them. */
export function toPlain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...(value as Values)].map(([name, member]) => [name, toPlain(member)]),
  );
}

/** Mappings as maps, down to the settings of each subgraph, and how the content writes the names of those. */
function nested(content: object) {
  const values: Values = new Map(Object.entries(content));
  const problems = values.has('mode') ? ['sets "mode", which NODE_ENV decides'] : [];
  const nest = (within: Values, name: string): void => {
    const value = within.get(name);
    if (isMapping(value)) within.set(name, new Map(Object.entries(value)));
    else if (value != null) problems.push(`has something else than a mapping as "${name}"`);
    if (!isMapping(value)) within.delete(name);
  };
  for (const section of settingSections) nest(values, section);
  const subgraphs = new Map<string, string>();
  if (values.has('subgraphs')) {
    const settingsOfAll = sectionOf(values, 'subgraphs');
    nest(settingsOfAll, 'each');
    const each: Values = new Map();
    for (const [name, value] of sectionOf(settingsOfAll, 'each')) {
      subgraphs.set(variableNameOf(name), name);
      each.set(variableNameOf(name), value);
      nest(each, variableNameOf(name));
    }
    settingsOfAll.set('each', each);
  }
  return { values, subgraphs, problems };
}

function withNameOf(
  subgraphs: ReadonlyMap<string, string>,
  path: readonly string[],
): readonly string[] {
  const [section, setting, subgraph, ...rest] = path;
  if (section !== 'subgraphs' || setting !== 'each' || subgraph === undefined) return path;
  return [section, setting, subgraphs.get(subgraph) ?? subgraph, ...rest];
}

/** Where the key of a path begins, or the last of those on the way to it. */
function offsetOf(document: Document, path: readonly string[]): number | undefined {
  let offset: number | undefined;
  let at: unknown = document.contents;
  for (const step of path) {
    if (isAlias(at)) at = at.resolve(document);
    if (!isMap(at)) break;
    const pair = at.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (pair === undefined) break;
    if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
    at = pair.value;
  }
  return offset;
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(path: string, problems: readonly string[], cause?: unknown): SettingsError {
  return new SettingsError(
    problems.map((problem) => `GATEWAY_CONFIG: "${path}" ${problem}`),
    { cause },
  );
}
