import { apiChanges } from './api-rules.ts';
import type { Comparison, Rule } from './comparison.ts';
import { contractFindings } from './contracts/contract-findings.ts';
import { mergeFindings } from './contracts/merge-findings.ts';
import { findingOf } from './finding-of.ts';
import type { CheckReport, Finding, Severity } from './finding.ts';
import { newHints } from './new-hints.ts';
import { access } from './rules/access.ts';
import { appliedDirectives } from './rules/applied-directives.ts';
import { cost } from './rules/cost.ts';
import { boundedLists } from './rules/lint/bounded-lists.ts';
import { deprecatedBeforeRemoval } from './rules/lint/deprecated-before-removal.ts';
import { deprecationReasons } from './rules/lint/deprecation-reasons.ts';
import { described } from './rules/lint/described.ts';
import { naming } from './rules/lint/naming.ts';
import { operations } from './rules/operations.ts';
import { ownership } from './rules/ownership.ts';
import { plans } from './rules/plans.ts';
import { supergraph } from './rules/supergraph.ts';
import { applyApprovals } from './settings/apply-approvals.ts';
import type { Approval } from './settings/approvals.ts';
import { indexOperations } from './usage/operation-index.ts';
import { weighUsage } from './weigh-usage.ts';

const rules: readonly Rule[] = [
  apiChanges,
  supergraph,
  appliedDirectives,
  operations,
  plans,
  cost,
  access,
  ownership,
  naming,
  described,
  boundedLists,
  deprecationReasons,
  deprecatedBeforeRemoval,
];

/** Compares two schemas, and their contracts, by all rules. The result does not depend on the order of definitions. */
export function checkSchemas(
  comparison: Comparison,
  approvals: readonly Approval[],
): Pick<CheckReport, 'findings' | 'waived'> {
  const { base, head, settings, usage, now } = comparison;
  const operationsUsing = indexOperations(base.api, comparison.operations);
  const unused = usage && { afterDays: settings.usage.unusedAfterDays, gap: usage.gap };
  const changes = rules.flatMap((rule) => rule(comparison));
  const inContracts = contractFindings(comparison, changes, { operationsUsing, unused });
  const found = [
    ...changes.map((change) => ({
      ...findingOf(weighUsage(change, operationsUsing, unused), comparison),
      ...inContracts.namesOf(change),
    })),
    ...newHints(base.hints, head.hints),
    ...inContracts.findings,
  ];
  const weigh = severityOf(settings.severities);
  const { findings, waived } = applyApprovals(found.flatMap(weigh), approvals, now);
  return {
    findings: [...mergeFindings(findings)].sort(worstFirst),
    waived: [...waived].sort((one, other) => worstFirst(one.finding, other.finding)),
  };
}

/** Applies the severities of the settings, and drops findings whose code is turned off. */
function severityOf(severities: Comparison['settings']['severities']) {
  return ({ isUnused, ...finding }: Finding & { readonly isUnused?: boolean }): Finding[] => {
    const { code } = finding;
    const severity = Object.hasOwn(severities, code) ? severities[code] : finding.severity;
    if (severity === undefined || severity === 'off') return [];
    return [{ ...finding, severity: isUnused ? 'note' : severity }];
  };
}

const weights: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

function worstFirst(left: Finding, right: Finding): number {
  return (
    weights[left.severity] - weights[right.severity] ||
    inOrder(left.coordinate ?? '', right.coordinate ?? '') ||
    inOrder(left.code, right.code) ||
    inOrder(left.message, right.message)
  );
}

function inOrder(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
