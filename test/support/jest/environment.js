import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

/** Where jest-circus keeps what it knows of a test file. */
const ofOneFile = new Set([
  'JEST_STATE_SYMBOL',
  'EVENT_HANDLERS',
  'TEST_TIMEOUT_SYMBOL',
  'RETRY_TIMES_SETTER',
]);

/**
 * A test file runs in the process itself, not in a context of `node:vm`: what one file has loaded, and V8 has made fast,
 * serves the next. What is put into the process for a file is taken out after it.
 */
export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern;
  #before = { console: globalThis.console, exit: process.exit, environment: { ...process.env } };

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  getVmContext() {
    return null;
  }

  /** Jest gives its workers FORCE_COLOR on a terminal and in CI; what a test starts writes plain text everywhere. */
  async setup() {
    delete process.env.FORCE_COLOR;
    process.env.NO_COLOR = '1';
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    globalThis.console = this.#before.console;
    process.exit = this.#before.exit;
    for (const name of Object.keys(process.env)) {
      if (!Object.hasOwn(this.#before.environment, name)) delete process.env[name];
    }
    Object.assign(process.env, this.#before.environment);
    for (const key of Object.getOwnPropertySymbols(globalThis)) {
      if (ofOneFile.has(key.description)) delete globalThis[key];
    }
  }
}
