import { createRequire } from 'node:module';
import { z } from 'zod';

/** The version of an installed package, without loading it. */
export function versionOfPackage(name: string): string {
  const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
  return z.object({ version: z.string() }).parse(manifest).version;
}
