/** As the product's own entry starts: what an earlier start compiled is compiled, and takes no compiler's memory. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'cairn'));
await import('./measured-export.ts');
