import { readFileSync } from 'node:fs';

/** What the kernel knows of a running process. */
export interface ProcessUsage {
  /** CPU time of all its threads in user and kernel mode, ended ones included, in microseconds. */
  readonly cpuUs: number;
  /** Memory in use now. */
  readonly residentBytes: number;
  /** The most memory it ever had in use. */
  readonly peakResidentBytes: number;
}

/** `USER_HZ`: Linux shows time to user space in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/**
 * Reads `/proc/<pid>/stat` and `/proc/<pid>/status` (proc(5)); CPU time has a step of 10 ms. Throws when the process
 * is gone, and where there is no `/proc`.
 */
export function usageOf(pid: number): ProcessUsage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuUs: cpuTicksOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) * (1_000_000 / ticksPerSecond),
    residentBytes: kilobytesOf(status, 'VmRSS') * 1024,
    peakResidentBytes: kilobytesOf(status, 'VmHWM') * 1024,
  };
}

/** `utime` and `stime`, fields 14 and 15; counted from behind the name, which may hold spaces and parentheses. */
function cpuTicksOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function kilobytesOf(status: string, name: string): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`Expected "${name}" in /proc/<pid>/status.`);
  return Number(kilobytes);
}
