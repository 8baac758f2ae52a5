import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { formats } from '../../../composition/check/formats/formats.ts';
import type { Given } from '../../../composition/commands/command.ts';
import { formatOption, reporterFor } from '../../../composition/commands/show-report.ts';
import { inFolderOf } from '../folder-of.ts';
import { sampleReport } from './sample-report.ts';

/** What is printed for `--format NAME`. */
async function shown(
  name: string | undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const lines: string[] = [];
  const given: Given = {
    positionals: [],
    text: () => name,
    texts: () => [],
    has: () => false,
  };
  const show = reporterFor(given, {
    out: (line) => lines.push(line),
    err: () => undefined,
    isColoured: false,
    fetch: globalThis.fetch,
    environment,
    now: () => new Date(),
    input: Readable.from([]),
    call: 'supergraph',
    untilStopped: () => Promise.resolve(),
  });
  await show(sampleReport);
  return lines.join('\n');
}

describe('--format of a check', () => {
  it.each([...formats])('prints %s', async (name, format) => {
    expect(await shown(name)).toBe(format(sampleReport, { isColoured: false }));
    expect(formatOption.value?.split('|')).toContain(name);
  });

  it('is for people by default, and says what else there is', async () => {
    expect(await shown(undefined)).toBe(await shown('pretty'));
    await expect(shown('xml')).rejects.toThrow('--format is one of pretty, json, sarif');
    await expect(shown('jsn')).rejects.toThrow('did you mean json?');
  });

  it('adds to the summary of a step with github alone', async () => {
    await inFolderOf({ 'summary.md': '' }, async (folder) => {
      const environment = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
      await shown('json', environment);
      expect(await readFile(environment.GITHUB_STEP_SUMMARY, 'utf8')).toBe('');
      await shown('github', environment);
      expect(await readFile(environment.GITHUB_STEP_SUMMARY, 'utf8')).toContain('## Schema check');
    });
  });
});
