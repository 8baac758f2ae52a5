import { format, resolveConfig } from 'prettier';
import { describeSettings } from './describe-settings.ts';
import { environmentFile } from './environment-file.ts';
import { exampleFile } from './example-file.ts';
import { settingsPage } from './settings-page.ts';

/** The files that are made of the settings' schemas: their texts by their paths. */
export async function settingsFiles(): Promise<ReadonlyMap<string, string>> {
  const sections = describeSettings();
  const style = await resolveConfig('package.json');
  return new Map([
    ['docs/settings.md', await format(settingsPage(sections), { ...style, parser: 'markdown' })],
    [
      'docs/gateway.example.yaml',
      await format(exampleFile(sections), { ...style, parser: 'yaml' }),
    ],
    ['.env.example', environmentFile(sections)],
  ]);
}
