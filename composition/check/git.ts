import { spawn } from 'node:child_process';
import { messageOf } from '../../common/errors.ts';

const deadlineMs = 30_000;

/** The most output read from git; a little more than the largest schema allowed. */
const outputMaxBytes = 80 * 1024 * 1024;

/** The result of a git command. */
export interface GitAnswer {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

/** Runs git commands in a folder's repository. */
export type AskGit = (args: readonly string[], input?: string) => Promise<GitAnswer>;

/** Git could not be run at all. */
export class GitUnavailableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GitUnavailableError';
  }
}

/** Runs git in a folder, without a shell, with a deadline and an output limit. */
export function gitIn(folder: string): AskGit {
  return (args, input) =>
    new Promise((resolve, reject) => {
      const child = spawn('git', ['-C', folder, '--no-replace-objects', ...args], {
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      // The timer of `spawn` would keep the process alive when git is not installed.
      const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
      const fail = (message: string): void => {
        clearTimeout(deadline);
        child.kill('SIGKILL');
        reject(new GitUnavailableError(message));
      };
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      let bytes = 0;
      const keepIn = (chunks: Buffer[]) => (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > outputMaxBytes) fail(`git says over ${outputMaxBytes} bytes`);
        else chunks.push(chunk);
      };
      child.stdout.on('data', keepIn(out));
      child.stderr.on('data', keepIn(err));
      child.on('error', (error) => {
        const isMissing = 'code' in error && error.code === 'ENOENT';
        fail(isMissing ? 'git is not installed' : messageOf(error));
      });
      child.on('close', (code, signal) => {
        clearTimeout(deadline);
        if (signal === 'SIGKILL') fail(`git did not answer within ${deadlineMs} ms`);
        else resolve({ code, out: Buffer.concat(out), err: Buffer.concat(err).toString().trim() });
      });
      // Git may exit before it has read all input; its exit code says so.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    });
}
