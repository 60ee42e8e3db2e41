/** `npm run drills`: what takes minutes, because it starts, kills, damages and restores whole servers, or tries a law often. */
import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ['test/**/*.drill.ts', 'test/ingest/*properties.test.ts'],
    env: { DRILL_RUNS: '12' },
    testTimeout: 240_000,
  },
});
