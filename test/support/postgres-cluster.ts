import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of a test's own, which it may stop. */
export interface PostgresCluster {
  readonly port: number;
  readonly url: string;
  start(): Promise<void>;
  /** `fast` ends the sessions, `immediate` ends the server as a crash would. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Ends the server and removes its files. */
  remove(): Promise<void>;
}

const execute = promisify(execFile);

/** The programs of a PostgreSQL server on this machine, if it has one. */
export const postgresPrograms = findPrograms();

/** Makes an empty server and starts it on a free port of loopback. */
export async function startPostgresCluster(programs: string): Promise<PostgresCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  const data = join(folder, 'data');
  const owner = await ownerOfServers();
  if (owner) await chown(folder, owner.uid, owner.gid);
  const run = (program: string, args: readonly string[]): Promise<unknown> =>
    // Without a pipe to the server, which would keep it open as long as it lives.
    execute(join(programs, program), [...args], { ...owner, cwd: folder, timeout: 60_000 });
  const port = await freePort();
  const log = join(folder, 'log');
  const start = async (): Promise<void> => {
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`;
    await run('pg_ctl', ['start', '-w', '-D', data, '-l', log, '-o', options]);
  };
  const stop = async (mode: string): Promise<void> => {
    await run('pg_ctl', ['stop', '-w', '-D', data, '-m', mode]);
  };
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8']);
  await start();
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove: async () => {
      await stop('immediate').catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions)
    .map((version) => join(versions, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** A server does not run as root: there the system's user for it does. */
async function ownerOfServers(): Promise<{ uid: number; gid: number } | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const idOf = async (kind: string): Promise<number> =>
    Number((await execute('id', [kind, 'postgres'])).stdout);
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}
