import { parseArgs } from 'node:util';
import { nearest } from '../common/nearest.ts';
import { type Member, subgraphs } from './subgraphs.ts';

/** The arguments of a command that works on the databases of subgraphs. */
export interface ChosenSubgraphs<TFlag extends string> {
  readonly help: boolean;
  readonly flags: Readonly<Record<TFlag, boolean>>;
  /** The named subgraphs, or all. */
  readonly chosen: readonly Member[];
}

/** Reads the names of subgraphs and one flag besides `--help`. Throws for any other argument. */
export function chooseSubgraphs<TFlag extends string>(
  args: readonly string[],
  flag: TFlag,
): ChosenSubgraphs<TFlag> {
  const off = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: off, [flag]: off },
    allowPositionals: true,
  });
  const chosen = positionals.map(memberOf);
  const isOn = (values as Readonly<Record<string, boolean>>)[flag] === true;
  return {
    help: values.help,
    flags: { [flag]: isOn } as Readonly<Record<TFlag, boolean>>,
    chosen: chosen.length > 0 ? chosen : subgraphs,
  };
}

function memberOf(name: string): Member {
  const member = subgraphs.find((subgraph) => subgraph.name === name);
  if (member) return member;
  const names = subgraphs.map((subgraph) => subgraph.name);
  throw new Error(
    `There is no subgraph "${name}"; the nearest is ${nearest(name, names) ?? ''}, of ${names.join(', ')}.`,
  );
}
