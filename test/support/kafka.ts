import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { within } from '../../common/within.ts';
import { halt, resume } from './halt.ts';

/** Brokers for a test. */
export interface TestKafka {
  readonly brokers: readonly string[];
  /** Makes the brokers answer nothing; absent for brokers that are not the test's own. */
  silence?(): Promise<void>;
  /** They answer again. */
  speak?(): void;
  /** Ends what the test has started. */
  stop(): Promise<void>;
}

/** The brokers that tests may use, if any: `host:port`, several with commas. */
const given = process.env.TEST_KAFKA_BROKERS;

const startMs = 10_000;

/** How brokers are had, or why there are none. */
export const kafkaSource:
  { readonly open: () => Promise<TestKafka> } | { readonly missing: string } =
  given !== undefined
    ? { open: () => Promise.resolve({ brokers: given.split(','), stop: () => Promise.resolve() }) }
    : hasProgram('kcat')
      ? { open: startMockCluster }
      : { missing: 'TEST_KAFKA_BROKERS is not set, and kcat is not installed' };

/**
 * Starts the cluster that librdkafka brings for tests, in a process of its own: brokers that speak the protocol of Kafka and
 * keep everything in memory. It runs as long as its client, kcat, waits for input.
 */
async function startMockCluster(): Promise<TestKafka> {
  const options = ['-X', 'test.mock.num.brokers=3', '-X', 'debug=mock'];
  const child = spawn('kcat', ['-P', '-t', 'unused', '-b', '127.0.0.1:1', ...options], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const addresses = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    // Read to the end: it logs each request, and would wait for a reader.
    child.stderr.on('data', (text: Buffer) => {
      if (said.length > 10_000) return;
      said += text.toString();
      const found = /bootstrap\.servers=([\d.:,]+)\s/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const found = await within<string | undefined>(addresses, startMs, undefined);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  if (found === undefined) {
    await stop();
    throw new Error(`kcat named no brokers within ${startMs} ms: ${said}`);
  }
  return {
    brokers: found.split(','),
    silence: () => halt(child),
    speak: () => resume(child),
    stop,
  };
}

function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
