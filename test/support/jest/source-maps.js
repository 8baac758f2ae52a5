import { join } from 'node:path';

/** The file in which a process keeps the source map of a module, which goes when the run is over. */
export function sourceMapOf(url) {
  const folder = join(process.env.BUILT_PROGRAMS, `source-maps-of-${process.pid}`);
  return join(folder, `${encodeURIComponent(url).slice(-200)}.json`);
}

/** What Jest looks source maps up in: the map file by the name of a module. */
export const sourceMaps = new (class extends Map {
  get(url) {
    return url.endsWith('.ts') ? sourceMapOf(url) : undefined;
  }
})();
