import { dirname, join } from 'node:path';
import { type Approval, readApprovals } from '../check/settings/approvals.ts';
import { type CheckSettings, readCheckSettings } from '../check/settings/check-settings.ts';
import { findFiles } from '../operations/find-files.ts';
import type { Given } from './command.ts';
import { configPathOf } from './composed.ts';
import { schemaFilesOf } from './schema-files.ts';

/** What a check reads beside the schemas. */
export interface CheckInputs {
  readonly settings: CheckSettings;
  readonly approvals: readonly Approval[];
  /** The patterns of all committed operations, those of contracts among them. */
  readonly operations: readonly string[];
  readonly usageFiles: readonly string[];
}

/** Reads settings and approvals, and what they and the options name. Throws a UsageError for what cannot be read. */
export async function readCheckInputs(given: Given): Promise<CheckInputs> {
  const { settings: settingsPath, approvals: approvalsPath } = pathsOf(given);
  const settings = await readCheckSettings(settingsPath, given.text('settings') !== undefined);
  const approvals = await readApprovals(approvalsPath, given.text('approvals') !== undefined);
  return {
    settings,
    approvals,
    operations: [
      ...settings.operations,
      ...given.texts('operations'),
      ...Object.values(settings.contracts).flatMap((contract) => contract.operations),
    ],
    usageFiles: [...settings.usage.files, ...given.texts('usage')],
  };
}

/** The files that the result of a check depends on; those that are named by a file that cannot be read are missing. */
export async function filesOfCheck(given: Given): Promise<readonly string[]> {
  const { settings, approvals } = pathsOf(given);
  const baseFile = given.text('base-file');
  const own = [settings, approvals, ...(baseFile === undefined ? [] : [baseFile])];
  return [
    ...own,
    ...(await schemaFilesOf(configPathOf(given))),
    ...(await readCheckInputs(given).then(filesNamedBy, () => [])),
  ];
}

async function filesNamedBy({ operations, usageFiles }: CheckInputs): Promise<readonly string[]> {
  const found = await Promise.all(operations.map((pattern) => findFiles(pattern)));
  return [...found.flat(), ...usageFiles];
}

function pathsOf(given: Given): { readonly settings: string; readonly approvals: string } {
  const folder = dirname(configPathOf(given));
  return {
    settings: given.text('settings') ?? join(folder, 'schema-check.yaml'),
    approvals: given.text('approvals') ?? join(folder, 'schema-approvals.yaml'),
  };
}
