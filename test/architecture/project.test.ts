/** What README, settings and package.json promise each other. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT, readConfig } from '../../src/kernel/config.ts';
import { ERROR_CODES } from '../../src/kernel/errors.ts';

const read = (path: string): Promise<string> => readFile(join(PROJECT_ROOT, path), 'utf8');

/** First cells of the table rows of README that are code: `| \`NAME\` | … |`. */
async function namedInReadme(section: string): Promise<string[]> {
  const text = await read('README.md');
  const start = text.indexOf(`## ${section}\n`);
  const end = text.indexOf('\n## ', start + 1);
  expect(start, `README has a section "${section}"`).toBeGreaterThan(-1);
  return [...text.slice(start, end === -1 ? undefined : end).matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? '');
}

test('README explains every error code, and none that does not exist', async () => {
  expect((await namedInReadme('Errors')).toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
});

test('README explains every setting that is read, and .env.example shows it', async () => {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  readConfig(env);
  expect((await namedInReadme('Settings')).toSorted()).toEqual([...asked].toSorted());
  const example = [...(await read('.env.example')).matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
  expect(example.toSorted()).toEqual([...asked].toSorted());
});

test('README lists every command', async () => {
  const commands = await read('src/cli/run.ts');
  const offered = [...commands.matchAll(/import\('\.\/commands\/([a-z-]+)\.ts'\)/g)].map(([, name]) => name);
  const listed = (await namedInReadme('Commands')).map((line) => line.split(' ')[0]);
  expect([...new Set(listed)].toSorted()).toEqual(offered.toSorted());
});

test('versions of packages are exact, and every script that may run at install is known', async () => {
  const manifest: Record<string, Record<string, unknown>> = JSON.parse(await read('package.json'));
  const versions = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });
  const loose = versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(String(version)));
  expect(loose).toEqual([]);
  const lock: { packages: Record<string, { hasInstallScript?: boolean }> } = JSON.parse(
    await read('package-lock.json'),
  );
  const running = Object.entries(lock.packages)
    .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const allowed = manifest['allowScripts'] ?? {};
  expect([...new Set(running)].filter((name) => !(name in allowed))).toEqual([]);
});

test('the changelog has a place for what is not released yet', async () => {
  expect(await read('CHANGELOG.md')).toMatch(/^## Pending$/m);
});
