import { nearest, nearestWithin } from './nearest.ts';
import {
  keyOfRemoved,
  removedPerSubgraph,
  removedVariables,
  variablesWithoutSuccessor,
} from './removed-variables.ts';
import { perSubgraphKeys, settingNames, variableNameOf } from './setting-variables.ts';
import { type Environment, isServiceLink, SettingsError, variable } from './settings.ts';

/** First words that variables of other tools have too. Such a name is ours by its first two words, if it has three. */
const sharedWords: ReadonlySet<string> = new Set([
  ...['ACCESS', 'AMQP', 'BODY', 'DATA', 'HOST', 'HTTP', 'INPUT', 'KAFKA', 'LIST', 'LOG', 'MAX'],
  ...['NODE', 'REDIS', 'REQUEST', 'REQUESTS'],
]);

const removed = [...removedVariables.keys()];
const prefixes: ReadonlySet<string> = new Set([...settingNames, ...removed].flatMap(prefixOf));
const names: ReadonlySet<string> = new Set(settingNames);
const ofOneSubgraph = new RegExp(
  `^SUBGRAPH_[A-Z0-9_]+_(?:${[...perSubgraphKeys.keys()].join('|')})$`,
);

/** The variables with which Kubernetes describes its services to every container; see also `isServiceLink`. */
const ofKubernetes = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT_\d+_(?:TCP|UDP|SCTP)\w*)$/;

/**
 * Throws a SettingsError with each variable that was meant to set something and does not: one that did so once, one that
 * begins as our settings do, and one that is a slip away from a setting that is not set. `subgraphs` are those that run
 * in this process.
 */
export function refuseUnknownVariables(
  environment: Environment,
  subgraphs: readonly string[] = [],
): void {
  const own = new Set(subgraphs.map(variableNameOf));
  const ports = [...own].map((name) => `${name}_PORT`);
  const known = [...settingNames, ...removed, ...ports];
  const faults = Object.keys(environment).flatMap((name) => {
    if (names.has(name) || ports.includes(name) || isOfOthers(name, environment)) return [];
    const advice = adviceForRemoved(name);
    if (advice !== undefined) {
      const isSet = variable(environment, name) !== undefined;
      return isSet ? [`${name} is no variable any more: ${advice}`] : [];
    }
    const isOurs = hasPrefix(name, prefixes) || hasPrefix(name, own);
    const meant = isOurs
      ? nearest(name, [...known, ...ofSubgraphIn(name)])
      : nearestWithin(
          name,
          known.filter((setting) => variable(environment, setting) === undefined),
          typosAllowedIn,
        );
    return meant === undefined
      ? []
      : [`${name}: no setting has this name; the nearest is ${found(meant)}`];
  });
  if (faults.length > 0) throw new SettingsError(faults);
}

function adviceForRemoved(name: string): string | undefined {
  if (variablesWithoutSuccessor.has(name)) return 'it had no effect, and can be deleted';
  const key = keyOfRemoved(name);
  return key === undefined ? undefined : `set ${inFile(key)}`;
}

function found(name: string): string {
  const key = keyOfRemoved(name);
  return key === undefined ? name : inFile(key);
}

function inFile(key: string): string {
  return `${key} in the settings file that GATEWAY_CONFIG names`;
}

function isOfOthers(name: string, environment: Environment): boolean {
  return (
    ofOneSubgraph.test(name) ||
    ofKubernetes.test(name) ||
    (name.endsWith('_PORT') && isServiceLink(environment[name] ?? ''))
  );
}

function hasPrefix(name: string, among: ReadonlySet<string>): boolean {
  for (let end = name.indexOf('_'); end > 0; end = name.indexOf('_', end + 1)) {
    if (among.has(name.slice(0, end))) return true;
  }
  return false;
}

function prefixOf(name: string): readonly string[] {
  const [first = '', second = '', third] = name.split('_');
  if (!sharedWords.has(first)) return [first];
  return third === undefined ? [] : [`${first}_${second}`];
}

/** The settings of a single subgraph, for each way to split a name that starts with `SUBGRAPH_`. */
function ofSubgraphIn(name: string): readonly string[] {
  const [prefix, ...words] = name.split('_');
  if (prefix !== 'SUBGRAPH') return [];
  return words
    .slice(1)
    .flatMap((_, index) =>
      [...perSubgraphKeys.keys(), ...removedPerSubgraph.keys()].map(
        (ending) => `SUBGRAPH_${words.slice(0, index + 1).join('_')}_${ending}`,
      ),
    );
}

/** How many wrong characters count as a typo; a short name is likely to be something else. */
function typosAllowedIn(name: string): number {
  return name.length < 8 ? 0 : name.length < 12 ? 1 : 2;
}
