import { dirname, relative, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../common/errors.ts';
import { expandVariables } from './expand-variables.ts';
import { processEnvironment } from './load-environment.ts';
import type { CompositionProblem } from './problem.ts';
import { type ReadText, readTextFile } from './read-text.ts';
import { parseYaml, type YamlText } from './yaml-text.ts';

/** A subgraph as `supergraph.yaml` lists it. */
export interface SubgraphEntry {
  readonly name: string;
  readonly routingUrl: string;
  readonly schema: SchemaSource;
}

/** Where the schema of a subgraph is. */
export type SchemaSource =
  /** In a file, by its absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** In the list itself. */
  | { readonly kind: 'sdl'; readonly sdl: string }
  /** In the subgraph that runs, which says it when it is asked with these headers. */
  | {
      readonly kind: 'subgraph';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    };

/** What `supergraph.yaml` says; the subgraphs stand in the order of their names, whatever order the file has. */
export interface SupergraphConfig {
  readonly federationVersion: string | undefined;
  readonly subgraphs: readonly SubgraphEntry[];
  readonly contracts: readonly ContractEntry[];
}

/** A contract as `supergraph.yaml` lists it: a variant of the supergraph, filtered by tags. */
export interface ContractEntry {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** The file that is written, by its absolute path; one without is checked, and written only when it is named. */
  readonly output: string | undefined;
}

/** The configuration, or why there is none. */
export type ConfigResult =
  | { readonly ok: true; readonly config: SupergraphConfig }
  | { readonly ok: false; readonly problems: readonly CompositionProblem[] };

/**
 * Reads a file in the format of rover's `supergraph.yaml`: `federation_version` and, for each subgraph, `routing_url` and
 * a `schema`: a `file`, which is relative to the list, an `sdl`, or the `subgraph_url` of a subgraph that can be asked.
 * It may list `contracts`, which rover does not know. Variables are expanded as rover does, merge keys are merged. Unknown keys are refused; `x-…` may hold what is merged.
 */
export async function readConfig(
  configPath: string,
  environment: Readonly<Record<string, string | undefined>> = processEnvironment,
  readText: ReadText = readTextFile,
): Promise<ConfigResult> {
  const file = displayPath(configPath);
  let text: string;
  try {
    text = await readText(configPath);
  } catch (error) {
    return failed({
      code: 'CONFIG_UNREADABLE',
      message: `Cannot read ${file}: ${messageOf(error)}`,
      places: [{ file }],
      fix: 'Create the file, or name another with --config.',
    });
  }
  return parseConfig(text, configPath, environment);
}

/** A path as people read it: relative to where the process runs. */
export function displayPath(path: string): string {
  const shown = relative(process.cwd(), resolve(path));
  return shown.startsWith('..') ? resolve(path) : shown;
}

// Names become enum values and file names: the same set that rover takes.
const subgraphName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

const schemaSource = z
  .strictObject({
    file: z.string().min(1).optional(),
    sdl: z.string().min(1).optional(),
    subgraph_url: httpUrl.optional(),
    introspection_headers: z.record(z.string(), z.string()).optional(),
  })
  .refine(
    ({ file, sdl, subgraph_url: url }) =>
      [file, sdl, url].filter((each) => each !== undefined).length === 1,
    'expected one of file, sdl and subgraph_url',
  )
  .refine(
    ({ subgraph_url: url, introspection_headers: headers }) =>
      url !== undefined || headers === undefined,
    'introspection_headers go with a subgraph_url',
  );

/** https://specs.apollo.dev/tag/v0.3/ leaves names open; these are the ones that Apollo's contracts take. */
const tagName = z
  .string()
  .regex(
    /^[A-Za-z0-9_/-]{1,128}$/,
    'expected a tag of letters, digits, _, / and -, at most 128 characters',
  );

const contractSchema = z
  .strictObject({
    include: z.array(tagName).optional(),
    exclude: z.array(tagName).optional(),
    output: z.string().min(1).optional(),
  })
  .refine(
    ({ include = [], exclude = [] }) => include.length + exclude.length > 0,
    'expected tags to include or to exclude',
  );

const configSchema = z.strictObject({
  federation_version: z
    .union([z.string(), z.number()])
    .transform((version) => String(version).trim())
    .refine((version) => version !== '1', 'Federation 1 is not composed here; expected 2')
    .refine(
      (version) => version === '1' || /^(2|latest|[=v]2\.\d+\.\d+)$/.test(version),
      'expected 2, or an exact version such as "=2.14.4"',
    )
    .optional(),
  subgraphs: z
    .record(
      z
        .string()
        .regex(
          subgraphName,
          'expected a name of letters, digits, _ and -, at most 64, a letter first',
        ),
      z
        .strictObject({ routing_url: httpUrl.optional(), schema: schemaSource })
        .refine(({ routing_url: url, schema }) => url ?? schema.subgraph_url, {
          path: ['routing_url'],
          error: 'expected an http or https URL',
        }),
    )
    .refine((subgraphs) => Object.keys(subgraphs).length > 0, 'expected at least one subgraph'),
  contracts: z
    .record(
      z
        .string()
        .regex(
          subgraphName,
          'expected a name of letters, digits, _ and -, at most 64, a letter first',
        ),
      contractSchema,
    )
    .optional(),
});

function parseConfig(
  text: string,
  configPath: string,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigResult {
  const yaml = parseYaml(text, displayPath(configPath));
  if ('problems' in yaml) return { ok: false, problems: yaml.problems };
  const { document: values, unset } = expandVariables(withoutExtras(yaml.values), environment);
  if (unset.length > 0) {
    const problems = unset.map(({ path, message }) => ({
      code: 'CONFIG_VARIABLE_UNSET',
      message: `${path.join('.')}: ${message}`,
      places: [yaml.placeOf(path)],
      fix: 'Set the variable, or write ${env.NAME:-value} to give the value that it has when it is not set.',
    }));
    return { ok: false, problems };
  }
  const result = configSchema.safeParse(values);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => toProblem(issue, yaml));
    return { ok: false, problems };
  }
  return { ok: true, config: toConfig(result.data, configPath) };
}

/** A document without the keys that only hold what others merge. */
function withoutExtras(values: unknown): unknown {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return values;
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith('x-')));
}

function toConfig(data: z.infer<typeof configSchema>, configPath: string): SupergraphConfig {
  const folder = dirname(resolve(configPath));
  const subgraphs = Object.entries(data.subgraphs)
    .map(([name, { routing_url: url, schema }]) => ({
      name,
      routingUrl: url ?? schema.subgraph_url ?? '',
      schema: sourceOf(schema, folder),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const contracts = Object.entries(data.contracts ?? {})
    .map(([name, { include = [], exclude = [], output }]) => ({
      name,
      include,
      exclude,
      output: output === undefined ? undefined : resolve(folder, output),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { federationVersion: data.federation_version, subgraphs, contracts };
}

function sourceOf(
  {
    file = '',
    sdl,
    subgraph_url: url,
    introspection_headers: headers,
  }: z.infer<typeof schemaSource>,
  folder: string,
): SchemaSource {
  if (sdl !== undefined) return { kind: 'sdl', sdl };
  if (url !== undefined) return { kind: 'subgraph', url, headers: headers ?? {} };
  return { kind: 'file', path: resolve(folder, file) };
}

function toProblem(issue: z.core.$ZodIssue, yaml: YamlText): CompositionProblem {
  const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
  return {
    code: unknownKey === undefined ? 'CONFIG_INVALID' : 'CONFIG_UNKNOWN_KEY',
    message: `${path.join('.') || 'The document'}: ${issue.message}`,
    places: [yaml.placeOf(path)],
    fix: unknownKey === undefined ? fixOfValue(issue.path) : fixOfKey(unknownKey),
  };
}

function fixOfValue([first]: z.core.$ZodIssue['path']): string {
  return first === 'contracts'
    ? 'Give for each contract tags to include or to exclude, and an output if it is to be written.'
    : 'Give federation_version, and for each subgraph a routing_url and a schema.file.';
}

function fixOfKey(key: string): string {
  return (
    fixesOfKnown.get(key) ??
    `Remove "${key}", or correct its spelling: federation_version, subgraphs, routing_url, schema, file, sdl, subgraph_url, introspection_headers, contracts, include, exclude, output are known.`
  );
}

/** Keys of rover's that are not known in their place. */
const fixesOfKnown: ReadonlyMap<string, string> = new Map([
  ['subgraph_url', 'Move it into the schema: schema.subgraph_url.'],
  [
    'graphref',
    'Fetch the schema with rover into a file and give schema.file: no registry is asked here.',
  ],
]);

function failed(problem: CompositionProblem): ConfigResult {
  return { ok: false, problems: [problem] };
}
