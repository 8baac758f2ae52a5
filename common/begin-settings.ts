import { likelyMode, type Mode, readMode } from './mode.ts';
import { refuseUnknownVariables } from './setting-names.ts';
import { type ProgramSettings, readSources, type SettingSources } from './setting-sources.ts';
import { type Environment, Faults } from './settings.ts';

/** What the settings of every process begin with. */
export interface BegunSettings extends SettingSources {
  /** Those so far: unknown variables, a wrong NODE_ENV, what is wrong with the sources. */
  readonly faults: Faults;
  /** The mode in which the other settings are looked at; undefined when NODE_ENV is wrong and it cannot be told what was meant. */
  readonly mode: Mode | undefined;
}

/** Reads mode and sources. `subgraphs` are those that run in the process. */
export function beginSettings(
  environment: Environment,
  { subgraphs = [], ...program }: ProgramSettings & { readonly subgraphs?: readonly string[] } = {},
): BegunSettings {
  const faults = new Faults();
  faults.collect(() => {
    refuseUnknownVariables(environment, subgraphs);
  });
  faults.collect(() => readMode(environment));
  return { faults, mode: likelyMode(environment), ...readSources(environment, faults, program) };
}
