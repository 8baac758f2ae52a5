import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usageOf } from './process-usage.ts';

describe('measure/process-usage', () => {
  it('reads the CPU time that the process itself sees, to the step of the kernel', () => {
    const own = (): number => {
      const { user, system } = process.cpuUsage();
      return user + system;
    };
    const [before, ownBefore] = [usageOf(process.pid).cpuUs, own()];
    while (own() - ownBefore < 300_000);
    const spent = usageOf(process.pid).cpuUs - before;
    const ownSpent = own() - ownBefore;
    assert.ok(Math.abs(spent - ownSpent) <= 40_000, `read ${spent} µs, spent ${ownSpent} µs`);
  });

  it('reads memory in bytes, the peak not under the present', () => {
    const { residentBytes, peakResidentBytes } = usageOf(process.pid);
    assert.ok(residentBytes > 10 * 2 ** 20);
    assert.ok(peakResidentBytes >= residentBytes);
  });

  it('throws for a process that is not there', () => {
    assert.throws(() => usageOf(2 ** 30), /ENOENT/);
  });
});
