import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Keeps the titles of the tests that passed when their file last ran, each behind those of the groups around it: an object
 * of lists by the path of the file, as JSON in `file`. What of a file did not pass, or was not run, is not in it.
 */
export default class TitleReporter {
  passed = new Map();

  constructor({ rootDir, testNamePattern }, { file }) {
    this.rootDir = rootDir;
    this.file = join(rootDir, file);
    // A run of some tests of a file says nothing of its others.
    this.isPartial = Boolean(testNamePattern);
  }

  onTestResult(_test, { testFilePath, testResults }) {
    const titles = testResults
      .filter(({ status }) => status === 'passed')
      .map(({ ancestorTitles, title }) => [...ancestorTitles, title]);
    this.passed.set(relative(this.rootDir, testFilePath), titles);
  }

  async onRunComplete() {
    if (this.isPartial) return;
    const kept = new Map([...(await this.read()), ...this.passed]);
    for (const path of kept.keys()) if (!existsSync(join(this.rootDir, path))) kept.delete(path);
    await mkdir(dirname(this.file), { recursive: true });
    const draft = `${this.file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(kept)));
    await rename(draft, this.file);
  }

  async read() {
    try {
      return Object.entries(JSON.parse(await readFile(this.file, 'utf8')));
    } catch {
      return [];
    }
  }
}
