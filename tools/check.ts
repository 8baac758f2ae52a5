import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { longTests, type Step, steps, tests, threats } from './check/steps.ts';

/** `npm run check`: all checks, for people and machines. Stops at the first step that fails, with its output. */
const { values } = parseArgs({ options: { 'without-tests': { type: 'boolean', default: false } } });

const stepDeadlineMs = 1_800_000;

const wanted = values['without-tests'] ? steps : [...steps, tests, longTests, threats];
const passed = await passInOrder(wanted);
console.log(`\n${passed} of ${wanted.length} steps passed`);
if (passed < wanted.length) process.exitCode = 1;

/** How many steps pass before the first that fails. */
async function passInOrder(inOrder: readonly Step[]): Promise<number> {
  for (const [index, step] of inOrder.entries()) {
    if (!(await passes(step))) return index;
  }
  return inOrder.length;
}

async function passes(step: Step): Promise<boolean> {
  const start = performance.now();
  const { code, output } = await run(step);
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  if (code === 0) {
    console.log(`${pc.green('ok')}     ${step.name} ${pc.dim(seconds)}`);
    return true;
  }
  console.error(output);
  console.error(`${pc.red('FAILED')} ${step.name} ${pc.dim(seconds)}: ${step.advice}`);
  return false;
}

/** Collects the output of a step that is not watched, in case it fails. */
function run(step: Step): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, step.command, {
      stdio: step.isWatched ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      timeout: stepDeadlineMs,
    });
    const chunks: Buffer[] = [];
    const keep = (chunk: Buffer): number => chunks.push(chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString().trim() }));
  });
}
