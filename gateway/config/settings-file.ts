import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { messageOf } from '../../common/errors.ts';
import { variableNameOf } from '../../common/setting-names.ts';
import { SettingsError } from '../../common/settings.ts';

/** Settings before they are checked: by section, and in a section by name. */
export type Values = Map<string, unknown>;

/** What a settings file holds. */
export interface SettingsFile {
  readonly values: Values;
  /** How the file writes a subgraph, by its name in variables. */
  readonly subgraphs: ReadonlyMap<string, string>;
}

/**
 * Reads the YAML file that `GATEWAY_CONFIG` names, with subgraphs under their names in variables (`variableNameOf`).
 * Throws a SettingsError that names the file.
 */
export function readSettingsFile(path: string, sections: readonly string[]): SettingsFile {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unusable(path, [`cannot be read: ${messageOf(error).split('\n', 1).join()}`], error);
  }
  if (content !== null && !isMapping(content)) throw unusable(path, ['does not hold a mapping']);
  const values: Values = new Map(Object.entries(content ?? {}));
  const problems = values.has('mode') ? ['sets "mode", which NODE_ENV decides'] : [];
  const nest = (within: Values, name: string): void => {
    const value = within.get(name);
    if (isMapping(value)) within.set(name, new Map(Object.entries(value)));
    else if (value != null) problems.push(`has something else than a mapping as "${name}"`);
    if (!isMapping(value)) within.delete(name);
  };
  for (const section of sections) nest(values, section);
  const subgraphs = new Map<string, string>();
  const settingsOfAll = sectionOf(values, 'subgraphs');
  nest(settingsOfAll, 'each');
  const each: Values = new Map();
  for (const [name, value] of sectionOf(settingsOfAll, 'each')) {
    subgraphs.set(variableNameOf(name), name);
    each.set(variableNameOf(name), value);
    nest(each, variableNameOf(name));
  }
  settingsOfAll.set('each', each);
  if (problems.length > 0) throw unusable(path, problems);
  return { values, subgraphs };
}

/** A nested mapping, made when it is absent. */
export function sectionOf(values: Values, name: string): Values {
  const known = values.get(name);
  if (known instanceof Map) return known as Values;
  const made: Values = new Map();
  values.set(name, made);
  return made;
}

/** The same as objects, as a schema takes them. */
export function toPlain(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...(value as Values)].map(([name, member]) => [name, toPlain(member)]),
  );
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
