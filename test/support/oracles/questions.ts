import type { Question } from './judge.ts';
import { generateOperation } from './operation-generator.ts';
import type { Oracle } from './oracle.ts';
import { hashOf } from './random.ts';

/**
 * The operation of a seed and its world. Of three worlds, nothing fails in one, resolvers fail everywhere alike in
 * another, and in the third something fails on the way to the subgraphs only.
 */
export function questionOf(oracle: Oracle, seed: number): Question {
  const operation = generateOperation(oracle.apiSchema, seed);
  const kind = seed % 3;
  return {
    seed,
    operation,
    world: {
      seed,
      misfortune: kind === 1 ? 0.06 : 0,
      faults: kind === 2 ? (seed % 12 === 11 ? 'silent' : 'told') : undefined,
      labels: activeAmong(oracle.labels, seed),
    },
  };
}

/** Labels are active by chance; those with a percentage when the draw is below it, so that a higher one is too. */
function activeAmong(labels: readonly string[], seed: number): readonly string[] {
  const draw = hashOf(`percent ${seed}`) % 100;
  return labels.filter((label) => {
    const [, percent] = /^percent\(([\d.]+)\)$/.exec(label) ?? [];
    return percent === undefined
      ? hashOf(`label ${label} ${seed}`) % 2 === 0
      : draw < Number(percent);
  });
}
