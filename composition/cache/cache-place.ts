import { isAbsolute, join } from 'node:path';

/**
 * The folder for compositions: `SUPERGRAPH_CACHE_DIR`, or the user's own for caches as the system has it. Never in the
 * repository: what a branch contains must not say how the branch is judged. `undefined` where the environment names none.
 */
export function cacheFolderOf(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const { SUPERGRAPH_CACHE_DIR: chosen, LOCALAPPDATA, XDG_CACHE_HOME, HOME } = environment;
  if (chosen) return chosen;
  if (platform === 'win32') {
    return LOCALAPPDATA ? join(LOCALAPPDATA, 'supergraph', 'Cache') : undefined;
  }
  // The XDG Base Directory Specification: "If … relative, consider the path invalid and ignore it."
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'supergraph');
  if (!HOME || !isAbsolute(HOME)) return undefined;
  const caches = platform === 'darwin' ? join('Library', 'Caches') : '.cache';
  return join(HOME, caches, 'supergraph');
}
