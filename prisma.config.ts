import { defineConfig } from 'prisma/config';

// `prisma generate` never runs the schema engine, but looks for its binary and would download it. Any existing file
// satisfies the look-up, so a machine without that download host can install. Migrations use the WebAssembly engine.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
});
