import { parse } from 'graphql';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { compareChoices } from '../support/oracles/fewest-requests.ts';
import { Oracle } from '../support/oracles/oracle.ts';
import { questionOf } from '../support/oracles/questions.ts';
import { generateSupergraph } from '../support/oracles/supergraph-generator.ts';

/** Compares the planner's choices with all others, for random queries on random supergraphs; prints the counts as JSON. */
const [supergraphs = 20, firstSeed = 1, operations = 6] = process.argv.slice(2).map(Number);
const counts = { queries: 0, unknown: 0, more: 0 };
const found: string[] = [];
for (let seed = firstSeed; seed < firstSeed + supergraphs; seed += 1) {
  const oracle = oracleOf(generateSupergraph(seed));
  if (!oracle) continue;
  const supergraph = readSupergraph(oracle.supergraphSdl);
  for (let index = 0; index < operations; index += 1) {
    const { operation, world } = questionOf(oracle, seed * operations + index);
    const compared = compareChoices(supergraph, parse(operation.text), new Set(world.labels ?? []));
    if (!compared) continue;
    const { chosen, fewest } = compared;
    counts.queries += 1;
    if (fewest === undefined) counts.unknown += 1;
    else if (fewest < chosen) {
      counts.more += 1;
      found.push(`supergraph ${seed}: ${chosen} requests, ${fewest} would do: ${operation.text}`);
    }
  }
}
process.stdout.write(`${JSON.stringify({ counts, found })}\n`);

/** Few random supergraphs do not compose. */
function oracleOf(schemas: Readonly<Record<string, string>>): Oracle | undefined {
  try {
    return new Oracle({ schemas });
  } catch {
    return undefined;
  }
}
