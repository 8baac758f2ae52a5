import NativeEnvironment from './environment.js';

/**
 * For a file that runs a test suite it did not write. The file says in `globalThis.excludedTests` which tests are
 * not to be run, by their full names; before the first one runs, `globalThis.suiteTests` holds the names of those that
 * will be, of those taken out, and of those the suite itself skips, which are taken out too.
 */
export default class SuiteEnvironment extends NativeEnvironment {
  handleTestEvent(event, state) {
    if (event.name !== 'run_start') return;
    const excluded = new Set(this.global.excludedTests ?? []);
    const tests = { run: [], excluded: [], skipped: [] };
    prune(state.rootDescribeBlock, '', (name, isSkipped) => {
      const fate = excluded.has(name) ? 'excluded' : isSkipped ? 'skipped' : 'run';
      tests[fate].push(name);
      return fate === 'run';
    });
    this.global.suiteTests = tests;
  }

  async teardown() {
    delete this.global.excludedTests;
    delete this.global.suiteTests;
    await super.teardown();
  }
}

/** Leaves the tests that are to stay, and no block without any. */
function prune(block, prefix, isToStay) {
  block.children = block.children.filter((child) => {
    const name = `${prefix}${child.name}`;
    if (child.type === 'test') return isToStay(name, (child.mode ?? block.mode) === 'skip');
    child.mode ??= block.mode;
    prune(child, `${name} › `, isToStay);
    return child.children.length > 0;
  });
  block.tests = block.children.filter(({ type }) => type === 'test');
}
