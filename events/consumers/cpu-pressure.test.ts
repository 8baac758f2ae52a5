import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCpuPressure } from './cpu-pressure.ts';

describe('the pressure on the CPUs', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pressure-'));
    file = join(folder, 'cpu');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (microseconds: number): Promise<void> =>
    writeFile(
      file,
      `some avg10=1.00 avg60=2.00 avg300=3.00 total=${microseconds}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n`,
    );

  it('is the share of the time since the last look in which tasks waited', async () => {
    await write(1_000_000);
    const before = performance.now();
    const pressure = await openCpuPressure(file);
    expect(await pressure?.()).toBe(0);
    await write(1_000_000 + 1_000);
    const share = Number(await pressure?.());
    // Of a millisecond in which tasks waited.
    expect(share).toBeGreaterThan(0.9 / (performance.now() - before));
    expect(share).toBeLessThanOrEqual(1);
    await write(9_000_000_000);
    expect(await pressure?.()).toBe(1);
    expect(await pressure?.()).toBe(0);
  });

  it('is unknown where the system does not say it, and none while it cannot be read', async () => {
    expect(await openCpuPressure(file)).toBeUndefined();
    await writeFile(file, 'something else\n');
    expect(await openCpuPressure(file)).toBeUndefined();
    await write(1);
    const pressure = await openCpuPressure(file);
    await rm(file);
    expect(await pressure?.()).toBe(0);
  });

  const isRead = existsSync('/proc/pressure/cpu') ? it : it.skip;
  isRead('is read from this machine; needs /proc/pressure/cpu', async () => {
    const pressure = await openCpuPressure();
    const endsAt = performance.now() + 20;
    while (performance.now() < endsAt);
    const share = await pressure?.();
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });
});
