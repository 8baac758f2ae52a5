import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import JestRuntime from 'jest-runtime';
import { useGlobals } from './globals.js';
import { sourceMaps } from './source-maps.js';

register('./typescript-hooks.js', import.meta.url);
const require = createRequire(import.meta.url);

/** Jest's runtime, but modules are loaded by Node.js: each once in a process, however many tests import it. */
export default class NativeRuntime extends JestRuntime {
  setGlobalsForRuntime(globals) {
    super.setGlobalsForRuntime(globals);
    useGlobals(this.requireModuleOrMock(this._testPath, '@jest/globals'));
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(path) {
    await import(pathToFileURL(path).href);
  }

  /** What runs the tests of a file keeps its state in its module: each file has its own. */
  requireInternalModule(path) {
    delete require.cache[path];
    return require(path);
  }

  getSourceMaps() {
    return sourceMaps;
  }

  installGetBuiltinModule() {
    // That of the process is the right one.
  }
}
