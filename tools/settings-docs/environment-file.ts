import {
  perSubgraphKeys,
  type SettingVariable,
  settingVariables,
} from '../../common/setting-variables.ts';
import { commentLines } from './comment-lines.ts';
import { type DescribedSection, keyNamed } from './describe-settings.ts';

const subgraphs = [
  ['USERS', 4001],
  ['PRODUCTS', 4002],
  ['ORDERS', 4003],
] as const;

/** The file `.env.example`: every variable with its default in development, in comments. */
export function environmentFile(sections: readonly DescribedSection[]): string {
  const variables = Object.entries<SettingVariable>(settingVariables).map(([name, variable]) => {
    if (!('key' in variable)) {
      const { meaning, production } = variable;
      const comment = production === undefined ? meaning : `${meaning} Production: ${production}.`;
      return entry(comment, [[name, variable.default]]);
    }
    const { description, default: usual, inProduction } = keyNamed(sections, variable.key);
    const isOther = JSON.stringify(usual) !== JSON.stringify(inProduction);
    const comment = isOther
      ? `${description} Production: ${asText(inProduction) || 'none'}.`
      : description;
    return entry(comment, [[name, asText(usual)]]);
  });
  const ofEach = [
    entry(
      'The port of each subgraph; 0 picks a free one.',
      subgraphs.map(([name, port]) => [`${name}_PORT`, String(port)]),
    ),
    ...[...perSubgraphKeys].map(([ending, key]) => {
      const { description } = keyNamed(sections, `subgraphs.each.<name>.${key}`);
      return entry(
        description,
        subgraphs.map(([name]) => [`SUBGRAPH_${name}_${ending}`, '']),
      );
    }),
  ];
  const ofCompose = entry(
    'docker compose only: passwords, of letters and digits, for the owner of the database and for the role of each subgraph (`openssl rand -hex 24`).',
    [
      ['POSTGRES_PASSWORD', ''],
      ...subgraphs.map(([name]) => [`POSTGRES_${name}_PASSWORD`, ''] as const),
    ],
  );
  const head = `Every variable, with its default in development; those without one are empty. Copy this file to .env and take away the "#" of what you set. docker compose reads .env by itself; for npm start: set -a; . ./.env; set +a; npm start. Everything else is set in the file that GATEWAY_CONFIG names: docs/settings.md. Made by npm run docs:settings: do not edit.`;
  return `${[commentLines(head), ...variables, ...ofEach, ofCompose].join('\n\n')}\n`;
}

function entry(
  comment: string,
  lines: readonly (readonly [name: string, value: string])[],
): string {
  return [commentLines(comment), ...lines.map(([name, value]) => `#${name}=${value}`)].join('\n');
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
