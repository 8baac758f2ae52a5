import { definedTypes } from '../check/api-rule.ts';
import { checkSchemas } from '../check/check-schemas.ts';
import { compareContracts } from '../check/contracts/contract-comparison.ts';
import type { CheckReport } from '../check/finding.ts';
import { readHead } from '../check/load-base.ts';
import { mergeOperations } from '../check/usage/merge-operations.ts';
import { readUsage } from '../check/usage/read-usage.ts';
import type { ComposeOptions } from '../compose.ts';
import { readOperations } from '../operations/read-operations.ts';
import { filesOfCheck, readCheckInputs } from './check-inputs.ts';
import { type Command, type Given, type Surroundings, UsageError } from './command.ts';
import { composeSides } from './compose-sides.ts';
import { composingOf, composingOptions } from './composed.ts';
import { operationsByContract, refuseUnknownContracts } from './contract-operations.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { runOnChange, watchOption } from './run-on-change.ts';
import { formatOption, reporterFor } from './show-report.ts';

/** `check`: what a change of the schemas does to those who use them. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Compares the subgraphs with those of a base, and says what breaks.',
  options: {
    base: {
      value: 'REF',
      help: 'the branch, tag or commit to compare with (default: where this branch left the main branch)',
    },
    'base-file': {
      value: 'FILE',
      help: 'a composed supergraph to compare with, in the place of a commit',
    },
    operations: {
      value: 'GLOB',
      isMultiple: true,
      help: 'committed operations: .graphql documents, or manifests of persisted operations',
    },
    usage: {
      value: 'GLOB',
      isMultiple: true,
      help: 'a log of what clients sent: JSON lines, or usage reports of Hive',
    },
    settings: { value: 'FILE', help: 'default: schema-check.yaml beside the list' },
    approvals: { value: 'FILE', help: 'default: schema-approvals.yaml beside the list' },
    format: formatOption,
    watch: watchOption,
    ...composingOptions,
  },
  examples: [
    '',
    '--base v1.4.0',
    '--base-file deployed.graphql',
    "--operations 'web/**/*.graphql'",
  ],
  notes:
    'Contracts that the list has are compared, too. A removal of what no client used lately is no error once a usage log is given. schema-check.yaml sets how much a code weighs, schema-approvals.yaml lets findings pass until a day.',
  run: (given, surroundings) => {
    const show = reporterFor(given, surroundings);
    if (given.text('base') !== undefined && given.text('base-file') !== undefined) {
      throw new UsageError('--base and --base-file name two bases.', 'Give one of them.');
    }
    const composing = composingOf(given, surroundings);
    const once = () => checkOnce(given, surroundings, composing, show);
    if (!given.has('watch')) return once();
    return runOnChange(once, () => filesOfCheck(given), surroundings);
  },
};

async function checkOnce(
  given: Given,
  surroundings: Surroundings,
  composing: ComposeOptions,
  show: (report: CheckReport) => Promise<void>,
): Promise<ExitCode> {
  const { settings, approvals, usageFiles, ...inputs } = await readCheckInputs(given);
  const now = surroundings.now();
  const committed = await readOperations(inputs.operations);
  const usage =
    usageFiles.length > 0
      ? await readUsage(usageFiles, settings.usage.unusedAfterDays, now)
      : undefined;
  const head = await readHead(composing);
  if (head.read.ok) refuseUnknownContracts(settings, head.read.config.contracts);
  const sides = await composeSides(given, head, composing);
  if (!sides.ok) {
    const { name: base, findings, reason } = sides;
    await show({ base, findings, waived: [], looked: {} });
    surroundings.err(reason);
    return exitCodes.notComposed;
  }
  const { base, head: whole } = sides;
  const operations = mergeOperations(committed, usage?.operations ?? []);
  const operationsOf = await operationsByContract(settings, operations);
  const contracts = compareContracts(base.contracts, whole.contracts, operationsOf);
  const comparison = { base: base.side, head: whole.side, operations, contracts };
  const report = {
    base: sides.name,
    ...checkSchemas({ ...comparison, usage, settings, now }, approvals),
    looked: {
      types: definedTypes(whole.side.api).length,
      ...(contracts.length > 0 && { contracts: contracts.length }),
      operations: operations.length,
      'usage records': usage?.records ?? 0,
    },
  };
  await show(report);
  if (usage?.gap !== undefined) surroundings.err(`${usage.gap} No removal passes as unused.`);
  const broken = contracts.filter((contract) => contract.head?.ok === false);
  for (const { name } of broken) surroundings.err(`The contract ${name} does not compose.`);
  if (broken.length > 0) return exitCodes.notComposed;
  return report.findings.some(({ severity }) => severity === 'error')
    ? exitCodes.findings
    : exitCodes.fine;
}
