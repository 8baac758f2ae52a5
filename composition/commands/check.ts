import { dirname, join } from 'node:path';
import { definedTypes } from '../check/api-rule.ts';
import { checkSchemas } from '../check/check-schemas.ts';
import { type CheckReport, noBase } from '../check/finding.ts';
import { composeGitBase, composeHead, readBaseFile } from '../check/load-base.ts';
import { findingsOfProblems } from '../check/new-hints.ts';
import { readApprovals } from '../check/settings/approvals.ts';
import { readCheckSettings } from '../check/settings/check-settings.ts';
import { sideOfComposition } from '../check/side.ts';
import { mergeOperations } from '../check/usage/merge-operations.ts';
import { readUsage } from '../check/usage/read-usage.ts';
import { readOperations } from '../operations/read-operations.ts';
import { type Command, UsageError } from './command.ts';
import { exitCodes } from './exit-code.ts';
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
    config: {
      value: 'FILE',
      help: "the list of subgraphs, in rover's format (default: supergraph.yaml)",
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
    introspect: { help: 'ask subgraphs listed with schema.subgraph_url for their schemas' },
  },
  examples: [
    '',
    '--base v1.4.0',
    '--base-file deployed.graphql',
    "--operations 'web/**/*.graphql'",
  ],
  notes:
    'A removal of what no client used lately is no error once a usage log is given. schema-check.yaml sets how much a code weighs, schema-approvals.yaml lets findings pass until a day.',
  run: async (given, surroundings) => {
    const show = reporterFor(given, surroundings);
    const configPath = given.text('config') ?? 'supergraph.yaml';
    const [ref, baseFile] = [given.text('base'), given.text('base-file')];
    if (ref !== undefined && baseFile !== undefined) {
      throw new UsageError('--base and --base-file name two bases.', 'Give one of them.');
    }
    const folder = dirname(configPath);
    const [settingsPath, approvalsPath] = [given.text('settings'), given.text('approvals')];
    const settings = await readCheckSettings(
      settingsPath ?? join(folder, 'schema-check.yaml'),
      settingsPath !== undefined,
    );
    const approvals = await readApprovals(
      approvalsPath ?? join(folder, 'schema-approvals.yaml'),
      approvalsPath !== undefined,
    );
    const now = surroundings.now();
    const committed = await readOperations([...settings.operations, ...given.texts('operations')]);
    const usageFiles = [...settings.usage.files, ...given.texts('usage')];
    const usage =
      usageFiles.length > 0
        ? await readUsage(usageFiles, settings.usage.unusedAfterDays, now)
        : undefined;
    const head = await composeHead(
      configPath,
      given.has('introspect') ? surroundings.fetch : undefined,
    );
    const { composition } = head;
    if (!composition.ok) {
      await show(failure(noBase, composition.problems));
      surroundings.err('The subgraphs do not compose: nothing was compared.');
      return exitCodes.notComposed;
    }
    const side = sideOfComposition(composition);
    const base =
      baseFile === undefined
        ? await composeGitBase(configPath, ref, { ...head, side })
        : await readBaseFile(baseFile);
    if (!base.ok) {
      await show(failure(base.name, base.problems));
      surroundings.err(`The base ${base.name} does not compose: nothing was compared.`);
      return exitCodes.notComposed;
    }
    const operations = mergeOperations(committed, usage?.operations ?? []);
    const report = {
      base: base.name,
      ...checkSchemas(
        {
          base: base.side,
          head: side,
          operations,
          isUsageKnown: usage?.unrecorded === 0,
          settings,
          now,
        },
        approvals,
      ),
      looked: {
        types: definedTypes(side.api).length,
        operations: operations.length,
        'usage records': usage?.records ?? 0,
      },
    };
    await show(report);
    if (usage && usage.unrecorded > 0) surroundings.err(incomplete(usage.unrecorded));
    return report.findings.some(({ severity }) => severity === 'error')
      ? exitCodes.findings
      : exitCodes.fine;
  },
};

function incomplete(requests: number): string {
  return `The usage log leaves out ${requests} of the requests that it counts: no removal passes as unused.\n  Raise usage.maxOperations of the gateway that writes it.`;
}

function failure(base: string, problems: Parameters<typeof findingsOfProblems>[0]): CheckReport {
  return { base, findings: findingsOfProblems(problems), waived: [], looked: {} };
}
