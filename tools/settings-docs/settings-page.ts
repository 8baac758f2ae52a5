import {
  perSubgraphKeys,
  type SettingVariable,
  settingVariables,
} from '../../common/setting-variables.ts';
import type { SettingSection } from '../../common/settings-file.ts';
import { type DescribedKey, type DescribedSection, keyNamed } from './describe-settings.ts';

/** Where a section is explained. */
const explanations: Partial<Readonly<Record<SettingSection, string>>> = {
  server: '[edge](security.md#edge), [stopping](gateway.md#health-and-stopping)',
  cors: '[edge](security.md#edge)',
  limits: '[limits](security.md#limits)',
  rateLimits: '[rate limits](security.md#rate-limits)',
  persistedDocuments: '[persisted documents](security.md#persisted-documents)',
  subgraphs: '[calls to subgraphs](gateway.md#calls-to-subgraphs-in-the-standalone-gateway)',
  calls: '[calls to subgraphs](gateway.md#calls-to-subgraphs-in-the-standalone-gateway)',
  planCache: '[memory](gateway.md#memory)',
  accessTokens: '[identity](security.md#identity)',
  access: '[access](security.md#access)',
  usage: '[usage logs](ci.md#which-operations-count)',
  events: '[events](events.md)',
  notifications: '[events](events.md#notifications)',
};

/** The page of all settings, in Markdown: variables first, then the keys of the settings file. */
export function settingsPage(sections: readonly DescribedSection[]): string {
  const variables = Object.entries<SettingVariable>(settingVariables).map(([name, variable]) =>
    'key' in variable
      ? rowOfKey(name, variable.key, keyNamed(sections, variable.key))
      : row(
          code(name),
          variable.default === '' ? '–' : code(variable.default),
          variable.production ?? '',
          '',
          variable.meaning,
        ),
  );
  const ofOneSubgraph = [
    row(
      '`<NAME>_PORT`',
      'of the subgraph',
      '',
      '',
      'The port of that subgraph; 0 picks a free one.',
    ),
    ...[...perSubgraphKeys].map(([ending, setting]) => {
      const key = `subgraphs.each.<name>.${setting}`;
      return rowOfKey(`SUBGRAPH_<NAME>_${ending}`, key, keyNamed(sections, key));
    }),
  ];
  return `# Settings

<!-- Made of common/setting-variables.ts and the schemas in gateway/config by \`npm run docs:settings\`. Do not edit. -->

What differs from one deployment to the next is set by an environment variable; everything else by a key of the settings file (YAML), whose path is in
\`GATEWAY_CONFIG\`. A variable wins over the file, an empty one counts as absent. Nothing needs to be set on one's own machine.

One file can serve all processes: the gateway checks all of it, a subgraph takes \`database\` and, as its variables, \`server.host\`, the two times of draining,
\`telemetry.logLevel\`, \`accessTokens.issuer\` and \`accessTokens.audience\`, and its own \`identityKey\`. [gateway.example.yaml](gateway.example.yaml) is a file with every key at its default.

A name that there is not, a value that is out of range, a missing key of production and a variable that has become a key of the file end the start. All are
told at once, each with the nearest name; what is in the file with its line.

## Variables

| variable | default | in production | key of the file | what it sets |
| --- | --- | --- | --- | --- |
${variables.join('\n')}

For each subgraph, by its name in capitals, with \`_\` for every other character:

| variable | default | in production | key of the file | what it sets |
| --- | --- | --- | --- | --- |
${ofOneSubgraph.join('\n')}

## The settings file

${sections.map(sectionText).join('\n\n')}
`;
}

function rowOfKey(name: string, key: string, described: DescribedKey): string {
  const [section = ''] = key.split('.');
  return row(
    code(name),
    shown(described.default),
    productionOf(described),
    `[${code(key)}](#${section.toLowerCase()})`,
    described.description,
  );
}

function sectionText({ name, description, keys }: DescribedSection): string {
  const explanation = explanations[name];
  const rows = keys.map((key) => {
    const production = productionOf(key);
    return row(
      code(key.path.join('.')),
      key.takes,
      key.unit,
      production === '' ? shown(key.default) : `${shown(key.default)}; production: ${production}`,
      key.description,
    );
  });
  return `### ${name}

${description}${explanation === undefined ? '' : ` More: ${explanation}.`}

| key | takes | unit | default | what it does |
| --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}

function productionOf({ default: usual, inProduction }: DescribedKey): string {
  return JSON.stringify(usual) === JSON.stringify(inProduction) ? '' : shown(inProduction);
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return code(value);
  if (!Array.isArray(value)) return code(JSON.stringify(value));
  if (value.length === 0) return 'none';
  if (value.every((each) => typeof each === 'string')) return value.map(code).join(', ');
  return 'see the example';
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
