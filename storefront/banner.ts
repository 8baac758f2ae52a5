import pc from 'picocolors';
import type { Storefront } from './start-storefront.ts';

const accounts = [
  ['john@example.com', 'pass456', 'customer'],
  ['jane@example.com', 'pass789', 'customer'],
  ['admin@example.com', 'pass123', 'admin'],
] as const;

/** A public query that involves all three subgraphs. */
const query =
  '{ product(id: "1") { name price shippingCost { amount } reviews { rating user { name } } } }';

/** What is printed when everything is up: the address, the demonstration accounts, and a command to try. */
export function banner(
  {
    gatewayUrl,
    subgraphUrls,
    grpcAddress,
    chatAddress,
    hasDemonstrationData,
  }: Pick<
    Storefront,
    'gatewayUrl' | 'subgraphUrls' | 'grpcAddress' | 'chatAddress' | 'hasDemonstrationData'
  >,
  { seconds }: { readonly seconds: number },
): string {
  const row = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`;
  return [
    '',
    pc.bold(`The supergraph is up (${seconds.toFixed(1)} s)`),
    '',
    row(
      'gateway',
      `${pc.cyan(`${gatewayUrl}/graphql`)}   GraphiQL at ${pc.cyan(`${gatewayUrl}/graphiql`)}`,
    ),
    ...[...subgraphUrls].map(([name, url]) => row(name, pc.dim(`${url}/graphql`))),
    row('gRPC', pc.dim(`${grpcAddress}   of products: stock and catalogue`)),
    row('', pc.dim(`${chatAddress}   of orders: chats`)),
    '',
    ...(hasDemonstrationData
      ? [
          'Demonstration accounts',
          ...accounts.map(
            ([name, password, role]) => `  ${name.padEnd(19)}${password.padEnd(9)}${pc.dim(role)}`,
          ),
          '',
          'One query, three services:',
          `  curl -s ${gatewayUrl}/graphql -H 'content-type: application/json' \\`,
          `    -d '${JSON.stringify({ query })}'`,
          '',
        ]
      : []),
    pc.dim('Ctrl-C stops it.'),
    '',
    '',
  ].join('\n');
}
