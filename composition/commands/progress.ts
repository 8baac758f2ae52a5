import type { Surroundings } from './command.ts';

/** Says on a line of its own what a long command is at, and for how long the process has run. */
export function progressTo({ err }: Pick<Surroundings, 'err'>): (stage: string) => void {
  return (stage) => err(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${stage}`);
}
