import type { Change } from '../change.ts';
import type { Comparison } from '../comparison.ts';
import { type Found, findingOf } from '../finding-of.ts';
import type { Finding } from '../finding.ts';
import { findingsOfProblems } from '../new-hints.ts';
import { indexOperations, type OperationsUsing } from '../usage/operation-index.ts';
import { type UnusedRule, weighUsage } from '../weigh-usage.ts';
import { contractChanges, identityOf, markHidden } from './contract-changes.ts';
import type { ContractComparison } from './contract-comparison.ts';

/** What is found in contracts. */
export interface ContractFindings {
  /** What is not found in the whole graph, for each contract by itself. */
  readonly findings: readonly (Finding | Found)[];
  /** The contracts that a change of the graph is found in, too. */
  readonly namesOf: (change: Change) => Pick<Finding, 'alsoIn'>;
}

/** What is known about the use of the whole graph. */
export interface GraphUse {
  readonly operationsUsing: OperationsUsing;
  readonly unused: UnusedRule | undefined;
}

/** Compares each contract with what it was, and tells what is found there alone from what is found in the graph, too. */
export function contractFindings(
  comparison: Comparison,
  ofGraph: readonly Change[],
  use: GraphUse,
): ContractFindings {
  const known = new Set(ofGraph.map(identityOf));
  const also = new Map<string, string[]>();
  const hidden = markHidden(comparison.head.api);
  const findings = (comparison.contracts ?? []).flatMap(
    (contract): readonly (Finding | Found)[] => {
      const { name } = contract;
      const own: Change[] = [];
      for (const change of contractChanges(contract)) {
        const identity = identityOf(change);
        if (known.has(identity)) also.set(identity, [...(also.get(identity) ?? []), name]);
        else own.push(change);
      }
      const weigh = weighIn(contract, use);
      const found = [
        ...problemsOf(contract),
        ...own.map((change) => findingOf(weigh(hidden(change)), comparison)),
      ];
      return found.map((finding) => ({ ...finding, onlyIn: [name] }));
    },
  );
  return {
    findings,
    namesOf: (change) => {
      const names = also.get(identityOf(change));
      return names ? { alsoIn: [...new Set(names)] } : {};
    },
  };
}

function problemsOf({ head }: ContractComparison): readonly Finding[] {
  return head && !head.ok ? findingsOfProblems(head.problems) : [];
}

/**
 * Names the operations of a contract that a change meets. Whose operations a usage log has is not known: what any of them
 * uses does not count as unused.
 */
function weighIn(
  { base, operations }: ContractComparison,
  { operationsUsing, unused }: GraphUse,
): (change: Change) => Change {
  const ownUsing = base?.ok ? indexOperations(base.api, operations) : () => [];
  return (change) => {
    const ofAll = weighUsage(change, operationsUsing, unused);
    const isMet = (ofAll.operations ?? []).length > 0;
    return isMet ? weighUsage(change, ownUsing, undefined) : ofAll;
  };
}
