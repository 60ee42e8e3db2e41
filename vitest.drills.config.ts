/** `npm run drills`: what takes minutes, because it starts, kills, damages and restores whole servers. */
import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

export default defineConfig({
  ...config,
  test: { ...config.test, include: ['test/**/*.drill.ts'], testTimeout: 240_000 },
});
