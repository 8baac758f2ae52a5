import { stringify } from 'yaml';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { commentLines } from './comment-lines.ts';
import type { DescribedKey, DescribedSection } from './describe-settings.ts';

/** What is written in a comment for keys without a default. */
const examples = {
  limits: { costShown: 'asked' },
  rateLimits: { redisUrl: 'redis://127.0.0.1:6379' },
  persistedDocuments: { path: './persisted-documents.json' },
  subgraphs: {
    each: {
      users: {
        url: 'http://127.0.0.1:4001/graphql',
        identityKey: 'a secret of at least 32 bytes that two share',
        grpcAddress: '127.0.0.1:50051',
        timeoutMs: 3000,
        maxInFlight: 64,
        pipelining: 8,
        eventProtocol: 'graphql-transport-ws',
        eventUrl: 'ws://127.0.0.1:4001/subscriptions',
        eventHeadersInInit: true,
      },
    },
  },
  calls: { maxInFlight: 64 },
  subscriptions: {
    channelsUrl: 'amqp://127.0.0.1:5672',
    channelsTopics: ['shop.events.all'],
    channelsOfEvents: [
      { channel: 'order.{subject}', event: { __typename: 'Order', id: '{subject}' } },
    ],
    callbackUrl: 'http://127.0.0.1:4020',
  },
  usage: { file: './usage/gateway.jsonl' },
  events: {
    metricsPort: 4010,
    amqpUrl: 'amqp://127.0.0.1:5672',
    kafkaBrokers: ['127.0.0.1:9092'],
    giveWayMs: 60_000,
  },
  notifications: { smtpUrl: 'smtp://127.0.0.1:25' },
  fulfilment: { shipAfterMs: 4000 },
} as const;

/** A settings file (YAML) with every key at its default in development. */
export function exampleFile(sections: readonly DescribedSection[]): string {
  const { kafkaBrokers, ...events } = examples.events;
  loadGatewayConfig({}, [{ ...examples, events }]);
  loadGatewayConfig({}, [{ events: { kafkaBrokers } }]);
  const head = `All keys of the settings file with their defaults in development, as GATEWAY_CONFIG takes them: name this file, or one with a part of it. Variables win over the file; a key that is not here ends the start. What has no default is commented out. Made by npm run docs:settings: do not edit.`;
  return `${[commentLines(head), ...sections.map(sectionText)].join('\n\n')}\n`;
}

function sectionText({ name, description, keys }: DescribedSection): string {
  const common = keys.filter(({ path }) => path.length === 1);
  const ofOne = keys.filter(({ path }) => path.length > 1);
  return [
    commentLines(description),
    `${name}:`,
    ...common.map((key) => keyText(key, exampleOf(name, key.path), '  ')),
    ...(ofOne.length > 0 ? [textOfOne(ofOne)] : []),
  ].join('\n');
}

/** What is set for one subgraph, in a comment. */
function textOfOne(keys: readonly DescribedKey[]): string {
  const lines = keys.map(({ path: [, , key = ''], description }) => {
    const example = exampleOf('subgraphs', ['each', 'users', key]);
    return `${commentLines(description, '      ')}\n      ${key}: ${flow(example)}`;
  });
  const text = `  each:\n    users:\n${lines.join('\n')}`;
  return `  each: {}\n${text.replaceAll(/^ {2}/gm, '  # ')}`;
}

function keyText(
  { path: [key = ''], default: usual, inProduction, description }: DescribedKey,
  example: unknown,
  indent: string,
): string {
  const isOther = JSON.stringify(usual) !== JSON.stringify(inProduction);
  const comment = isOther ? `${description} In production: ${flow(inProduction)}.` : description;
  const line =
    usual === undefined ? `${indent}# ${key}: ${flow(example)}` : `${indent}${key}: ${flow(usual)}`;
  return `${commentLines(comment, indent)}\n${line}`;
}

function exampleOf(section: string, path: readonly string[]): unknown {
  let at: unknown = (examples as Readonly<Record<string, unknown>>)[section];
  for (const step of path) at = (at as Readonly<Record<string, unknown>> | undefined)?.[step];
  return at;
}

/** On one line; prettier breaks what is too long. */
function flow(value: unknown): string {
  if (value === undefined) throw new Error('A key without a default needs an example.');
  return stringify(value, { collectionStyle: 'flow', compat: 'yaml-1.1', lineWidth: 0 }).trim();
}
