/** Ends a test run with one line for people and programs alike: `N passed, N failed, N skipped`. */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    // A file that does not even load counts as a failure: none of its tests ran.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`;
    // Jest writes its own summary after all other reporters; this line shall be the last.
    process.once('exit', () => process.stderr.write(line));
  }
}
