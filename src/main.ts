/** The entry. What the start before compiled is compiled, so nothing is imported before Node knows where that is kept. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the packages: whoever may write there may change the code itself, and a new installation begins with none. In the
// system's temporary folder, Node's own choice, others could lay code. Where it cannot be written, every start compiles anew.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'cairn'));
await import('./compose.ts');
