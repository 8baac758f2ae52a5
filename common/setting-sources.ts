import { z } from 'zod';
import { keysOfVariables, perSubgraphKeys } from './setting-variables.ts';
import {
  readSettingsFile,
  sectionOf,
  type SettingsFile,
  settingSections,
  settingsFrom,
  valueAt,
  type Values,
} from './settings-file.ts';
import { type Environment, type Faults, parseSettings, variable } from './settings.ts';

/** Where the settings of a process come from: the file, what a program gives, the environment. The later wins. */
export interface SettingSources {
  /** What is set, by section and name. */
  readonly values: Values;
  /**
   * How an operator knows a setting: the variable that it came from, else its key with file and line. One that came from
   * nowhere is known by the variable that would set it, or by its key.
   */
  readonly nameOf: (path: readonly PropertyKey[]) => string;
}

const ofOneSubgraph = new RegExp(
  `^SUBGRAPH_([A-Z0-9_]+)_(${[...perSubgraphKeys.keys()].join('|')})$`,
);

/** Each process knows the keys of its own sections, and the names of all. */
const sections = z.strictObject(
  Object.fromEntries(settingSections.map((name) => [name, z.unknown().optional()])),
);

/** What a program sets: beneath the file, and over it. */
export interface ProgramSettings {
  readonly beneath?: object;
  /** The later over the earlier. */
  readonly given?: readonly object[];
}

/**
 * Reads the file that `GATEWAY_CONFIG` names, if any, and lays it over `beneath`, over it `given`, and then the
 * environment. Among the faults are a file that cannot be used, and sections that there are none of; those are left out.
 */
export function readSources(
  environment: Environment,
  faults: Faults,
  { beneath = {}, given = [] }: ProgramSettings = {},
): SettingSources {
  const path = variable(environment, 'GATEWAY_CONFIG');
  const file = path === undefined ? undefined : faults.collect(() => readSettingsFile(path));
  const layers = [
    settingsFrom(beneath),
    ...(file ? [file] : []),
    ...given.flatMap((each) => faults.collect(() => settingsFrom(each)) ?? []),
  ];
  const values: Values = new Map();
  for (const layer of layers) layOver(values, layer.values);
  const setBy = layEnvironmentOver(values, environment);
  const nameOf = (at: readonly PropertyKey[]): string =>
    nameIn({ layers, file, setBy }, at.map(String));
  faults.collect(() => parseSettings(sections, Object.fromEntries(values), nameOf));
  for (const name of [...values.keys()])
    if (!Object.hasOwn(sections.shape, name)) values.delete(name);
  return { values, nameOf };
}

function layOver(values: Values, layer: Values): void {
  for (const [name, value] of layer) {
    if (value instanceof Map) layOver(sectionOf(values, name), value as Values);
    else values.set(name, value);
  }
}

/** Gives the name of each variable that is set, by the path of its key. */
function layEnvironmentOver(values: Values, environment: Environment): ReadonlyMap<string, string> {
  const setBy = new Map<string, string>();
  const set = (name: string, path: readonly string[]): void => {
    const value = variable(environment, name);
    if (value === undefined) return;
    let section = values;
    for (const step of path.slice(0, -1)) section = sectionOf(section, step);
    section.set(path.at(-1) ?? '', value);
    setBy.set(path.join('.'), name);
  };
  for (const [name, key] of keysOfVariables) set(name, key.split('.'));
  for (const name of Object.keys(environment)) {
    const [, subgraph, ending = ''] = ofOneSubgraph.exec(name) ?? [];
    const key = perSubgraphKeys.get(ending);
    if (subgraph !== undefined && key !== undefined)
      set(name, ['subgraphs', 'each', subgraph, key]);
  }
  return setBy;
}

interface Origins {
  readonly layers: readonly SettingsFile[];
  /** One of them, if there is one. */
  readonly file: SettingsFile | undefined;
  readonly setBy: ReadonlyMap<string, string>;
}

function nameIn({ layers, file, setBy }: Origins, path: readonly string[]): string {
  const isIn = (layer: SettingsFile) => valueAt(layer.values, path) !== undefined;
  const source = layers.findLast(isIn) ?? file;
  const name = setBy.get(path.join('.')) ?? (layers.some(isIn) ? undefined : variableFor(path));
  if (name !== undefined) return name;
  return source === undefined ? path.join('.') : `${source.placeOf(path)}${source.writtenAs(path)}`;
}

/** The variable that sets a key, if one does. */
function variableFor(path: readonly string[]): string | undefined {
  const [section, setting, subgraph = '', key] = path;
  if (section === 'subgraphs' && setting === 'each') {
    for (const [ending, itsKey] of perSubgraphKeys) {
      if (itsKey === key) return `SUBGRAPH_${subgraph}_${ending}`;
    }
  }
  for (const [name, itsKey] of keysOfVariables) if (itsKey === path.join('.')) return name;
  return undefined;
}
