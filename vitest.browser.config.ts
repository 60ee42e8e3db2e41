/** `npm run test:browser`: the pages, in a chromium where there is one. */
import { defineConfig } from 'vitest/config';
import config from './vitest.config.ts';

export default defineConfig({
  ...config,
  test: { ...config.test, include: ['test/browser/**/*.test.ts'], exclude: [] },
});
