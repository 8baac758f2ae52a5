import { readFileSync } from 'node:fs';

/** What the kernel knows of a running process. */
export interface ProcessUsage {
  /** CPU time of all its threads in user and kernel mode, ended ones included, in microseconds. */
  readonly cpuUs: number;
  /** That of its children that have ended. */
  readonly endedChildrenUs: number;
  readonly parentPid: number;
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
  const fields = fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const sumUs = (...places: readonly number[]): number =>
    places.reduce((sum, place) => sum + Number(fields[place]), 0) * (1_000_000 / ticksPerSecond);
  return {
    // In proc(5): ppid, utime, stime, cutime and cstime are the fields 4 and 14 to 17.
    parentPid: Number(fields[4]),
    cpuUs: sumUs(14, 15),
    endedChildrenUs: sumUs(16, 17),
    residentBytes: kilobytesOf(status, 'VmRSS') * 1024,
    peakResidentBytes: kilobytesOf(status, 'VmHWM') * 1024,
  };
}

/** The fields by their number in proc(5): counted from behind the name, the second, which may hold spaces and parentheses. */
function fieldsOf(stat: string): readonly string[] {
  return ['', '', '', ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
}

function kilobytesOf(status: string, name: string): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`Expected "${name}" in /proc/<pid>/status.`);
  return Number(kilobytes);
}
