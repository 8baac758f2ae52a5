import { transformSync } from 'esbuild';

/** Jest transformer: strips the types of a TypeScript module and keeps it an ES module. */
export default {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'external',
      sourcefile: path,
    });
    return { code, map };
  },
};
