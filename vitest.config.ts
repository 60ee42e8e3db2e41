import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it: otherwise the tests get one copy of graphql and the libraries that they run another.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**'],
    // One PostgreSQL and one migrated template for the whole run; every test file clones the template.
    globalSetup: ['test/support/global-setup.ts'],
    // The database is a process of its own: more workers would only take its processors.
    maxWorkers: 2,
    // A third of the run went into reading the same modules anew for each file. What a file changes in one, it puts back.
    isolate: false,
    // Not how long a test takes, but how long one that hangs is waited for on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The command line runs in child processes, where coverage is not seen; its own tests hold its output.
      exclude: ['src/cli/**', 'src/main.ts', 'src/database/generated/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90, 'src/ingest/**': { lines: 95 } },
    },
  },
});
