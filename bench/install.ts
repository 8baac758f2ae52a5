import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('./', import.meta.url);

/** The gateways to compare with cannot be installed. */
export class InstallError extends Error {}

/**
 * Installs what `package.json` of the benchmark pins, unless it is there. npm's output goes to stderr. Throws
 * InstallError.
 */
export function ensureInstalled(say: (line: string) => void): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  say(`installing the gateways to compare with (npm ci in bench/): ${missing.join(', ')}`);
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 2, 2], timeout: 600_000 },
  );
  if (status !== 0) {
    throw new InstallError(
      `npm ci in bench/ failed (${error?.message ?? `exit code ${status}`}): is the registry within reach?`,
    );
  }
}

function missingPackages(): readonly string[] {
  const { dependencies } = readJson('package.json') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies)
    .filter(([name, pin]) => installedVersion(name) !== versionIn(pin))
    .map(([name, pin]) => `${name}@${versionIn(pin)}`);
}

/** The version of a pin, also of one under another name: `npm:graphql@16.14.2`. */
function versionIn(pin: string): string {
  return pin.slice(pin.lastIndexOf('@') + 1);
}

function installedVersion(name: string): string | undefined {
  const path = `node_modules/${name}/package.json`;
  if (!existsSync(new URL(path, folder))) return undefined;
  return (readJson(path) as { readonly version: string }).version;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
}
