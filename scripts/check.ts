/** `npm run check`: what a change must pass before its tests. One line per check; what a failed one says follows it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/kernel/config.ts';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const bin = (name: string): string => join(PROJECT_ROOT, 'node_modules', '.bin', name);

const CHECKS: readonly Check[] = [
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'format and lint', command: [bin('biome'), 'check', '.'] },
  { name: 'generated files', command: [process.execPath, join(import.meta.dirname, 'generate.ts'), '--check'] },
  { name: 'APIs', command: [process.execPath, join(import.meta.dirname, 'check-api.ts')] },
  { name: 'architecture', command: [bin('vitest'), 'run', 'test/architecture'] },
];

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

function run([file = '', ...parameters]: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: PROJECT_ROOT, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, parameters, options, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: `${stdout}${stderr}` });
    });
  });
}

for (const { name, command } of CHECKS) {
  const started = performance.now();
  // One after the other: side by side they would only share the processors, and their lines would come in any order.
  const { passed, output } = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)} ${seconds.padStart(6)} s\n`);
  if (passed) continue;
  process.stdout.write(output);
  process.exitCode = 1;
}
