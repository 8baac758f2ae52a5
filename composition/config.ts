import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../common/errors.ts';
import type { CompositionProblem, SourcePlace } from './problem.ts';

/** A subgraph as `supergraph.yaml` lists it. */
export interface SubgraphEntry {
  readonly name: string;
  readonly routingUrl: string;
  /** Absolute path of the schema. */
  readonly schemaFile: string;
}

/** What `supergraph.yaml` says; the subgraphs stand in the order of their names, whatever order the file has. */
export interface SupergraphConfig {
  readonly federationVersion: string | undefined;
  readonly subgraphs: readonly SubgraphEntry[];
}

/** The configuration, or why there is none. */
export type ConfigResult =
  | { readonly ok: true; readonly config: SupergraphConfig }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/**
 * Reads a file in the format of rover's `supergraph.yaml`: `federation_version` and, for each subgraph,
 * `routing_url` and `schema.file`, which is relative to the file. Unknown keys are refused.
 */
export async function readConfig(configPath: string): Promise<ConfigResult> {
  const file = displayPath(configPath);
  let text: string;
  try {
    text = await readFile(configPath, 'utf8');
  } catch (error) {
    return failed({
      code: 'CONFIG_UNREADABLE',
      message: `Cannot read ${file}: ${messageOf(error)}`,
      places: [{ file }],
      fix: 'Create the file, or name another with --config.',
    });
  }
  return parseConfig(text, configPath);
}

/** A path as people read it: relative to where the process runs. */
export function displayPath(path: string): string {
  const shown = relative(process.cwd(), resolve(path));
  return shown.startsWith('..') ? resolve(path) : shown;
}

// Names become enum values and file names: the same set that rover takes.
const subgraphName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const configSchema = z.strictObject({
  federation_version: z
    .union([z.literal(2), z.string().regex(/^=2\.\d+\.\d+$/)], {
      error: 'expected 2, or an exact version such as =2.14.4',
    })
    .optional(),
  subgraphs: z
    .record(
      z
        .string()
        .regex(
          subgraphName,
          'expected a name of letters, digits, _ and -, at most 64, a letter first',
        ),
      z.strictObject({
        routing_url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
        schema: z.strictObject({ file: z.string().min(1) }),
      }),
    )
    .refine((subgraphs) => Object.keys(subgraphs).length > 0, 'expected at least one subgraph'),
});

function parseConfig(text: string, configPath: string): ConfigResult {
  const file = displayPath(configPath);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      code: 'CONFIG_MALFORMED',
      message: `Not a YAML document: ${error.message}`,
      places: [placeAt(file, lines, error.pos[0])],
      fix: 'Correct the YAML; indentation is by spaces, and a key stands once.',
    }));
    return { ok: false, problems };
  }
  const result = configSchema.safeParse(document.toJS());
  if (!result.success) {
    const problems = result.error.issues.map((issue) => toProblem(issue, document, file, lines));
    return { ok: false, problems };
  }
  return { ok: true, config: toConfig(result.data, configPath) };
}

function toConfig(data: z.infer<typeof configSchema>, configPath: string): SupergraphConfig {
  const folder = dirname(resolve(configPath));
  const subgraphs = Object.entries(data.subgraphs)
    .map(([name, { routing_url, schema }]) => ({
      name,
      routingUrl: routing_url,
      schemaFile: resolve(folder, schema.file),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { federationVersion: data.federation_version?.toString(), subgraphs };
}

function toProblem(
  issue: z.core.$ZodIssue,
  document: Document.Parsed,
  file: string,
  lines: LineCounter,
): CompositionProblem {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
  return {
    code: unknownKey === undefined ? 'CONFIG_INVALID' : 'CONFIG_UNKNOWN_KEY',
    message: `${path.join('.') || 'The document'}: ${issue.message}`,
    places: [placeOf(path, document, file, lines)],
    fix:
      unknownKey === undefined
        ? 'Give federation_version, and for each subgraph a routing_url and a schema.file.'
        : `Remove "${unknownKey}", or correct its spelling: federation_version, subgraphs, routing_url, schema, file are known.`,
  };
}

/** The place of the value at a path, or of the nearest thing around it that the document has. */
function placeOf(
  path: readonly PropertyKey[],
  document: Document.Parsed,
  file: string,
  lines: LineCounter,
): SourcePlace {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = rangeOf(node);
    if (range) return placeAt(file, lines, range[0]);
  }
  return { file, line: 1, column: 1 };
}

function rangeOf(node: unknown): readonly number[] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? node.range : undefined;
}

function placeAt(file: string, lines: LineCounter, offset: number | undefined): SourcePlace {
  const { line, col } = lines.linePos(offset ?? 0);
  return { file, line, column: col };
}

function failed(problem: CompositionProblem): ConfigResult {
  return { ok: false, problems: [problem] };
}
