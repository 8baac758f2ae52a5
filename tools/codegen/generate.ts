import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type MappingCode } from './mappings.ts';

/** The packages that generate; npx fetches them when `npm run codegen` runs, so that the project need not have them. */
export const generatorPackages = [
  '@graphql-codegen/core@6.2.1',
  '@graphql-codegen/typescript@6.1.0',
  '@graphql-codegen/typescript-resolvers@6.1.0',
  'graphql@16.15.0',
] as const;

/** The options of the generator for every subgraph; see the documentation of @graphql-codegen/typescript-resolvers. */
export const generatorOptions = {
  federation: true,
  useTypeImports: true,
  enumsAsTypes: true,
  immutableTypes: true,
  skipTypename: true,
  strictScalars: true,
  scalars: { ID: 'string', DateTime: 'Date', _FieldSet: 'string' },
  // The compiler should report a root field without a resolver.
  avoidOptionals: { query: true, mutation: true, subscription: true },
} as const;

const deadlineMs = 300_000;

/** Generates the types of several subgraphs, in the order given; not formatted. Needs the npm registry or npx's cache. */
export async function generateTypes(
  subgraphs: readonly { readonly sdl: string; readonly code: MappingCode }[],
): Promise<readonly string[]> {
  const jobs = subgraphs.map(({ sdl, code }) => ({
    schema: sdl,
    config: { ...generatorOptions, contextType: code.context, mappers: code.sources },
  }));
  const worker = fileURLToPath(new URL('./worker.js', import.meta.url));
  const packages = generatorPackages.flatMap((name) => ['-p', name]);
  const child = spawn('npx', ['--yes', '--loglevel=error', ...packages, 'node', worker], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: deadlineMs,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // It ended before it read its input: the exit code is reported below.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(jobs));
  const output = await text(child.stdout);
  const code = await ended;
  if (code !== 0)
    throw new Error(`The generator exited with ${String(code)}; it needs the npm registry.`);
  return JSON.parse(output) as string[];
}
