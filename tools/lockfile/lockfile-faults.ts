import { z } from 'zod';

const packageSchema = z.looseObject({
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  workspaces: z.array(z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

const lockfileSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
});

const registry = 'https://registry.npmjs.org/';

/**
 * What is wrong with a package-lock.json: an optional dependency without an entry, for which `npm ci` refuses the
 * file on other platforms; a package that comes from elsewhere than npm's registry or without a checksum.
 */
export function lockfileFaults(lockfile: unknown): readonly string[] {
  const { packages } = lockfileSchema.parse(lockfile);
  const workspaces = new Set(packages['']?.workspaces);
  const paths = new Set(Object.keys(packages));
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !candidatePaths(path, name).some((candidate) => paths.has(candidate)))
      .map((name) => `${path || 'the project'}: its optional dependency ${name} has no entry`),
    ...(path === '' || isOurs(path, entry, workspaces) ? [] : originFaults(path, entry)),
  ]);
}

/** True for a workspace of this project, and for the link by which Node finds it. */
function isOurs(
  path: string,
  { link, resolved }: z.infer<typeof packageSchema>,
  workspaces: ReadonlySet<string>,
): boolean {
  return workspaces.has(link === true ? (resolved ?? '') : path);
}

function originFaults(path: string, entry: z.infer<typeof packageSchema>): readonly string[] {
  if (entry.link) return [`${path}: is a link`];
  // Without an address npm uses the configured registry, and verifies the checksum.
  if (entry.resolved !== undefined && !entry.resolved.startsWith(registry)) {
    return [`${path}: comes from ${entry.resolved}, not from ${registry}`];
  }
  return entry.integrity ? [] : [`${path}: has no checksum`];
}

/** Where Node would look for a package from another: in its own node_modules, then in those above. */
function candidatePaths(from: string, name: string): readonly string[] {
  const folders = from === '' ? [] : from.split('/node_modules/');
  return Array.from({ length: folders.length + 1 }, (_, depth) =>
    [...folders.slice(0, folders.length - depth), `node_modules/${name}`]
      .join('/node_modules/')
      .replace('/node_modules/node_modules/', '/node_modules/'),
  );
}
