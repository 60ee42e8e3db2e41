/** Change logs: the account's own, and one for each shared drive. */
import { OWN_LOG } from './client.ts';
import type { Telling } from './telling.ts';

/** Which change log a folder of the tree belongs to. */
export function logOf(telling: Telling, id: string): string {
  if (telling.place.isFolder) return telling.place.logs[0] ?? OWN_LOG;
  const drives = new Set(telling.place.sharedDrives.map((drive) => drive.id));
  const passed = new Set<string>();
  for (let at: string | undefined = id; at !== undefined && !passed.has(at); at = telling.tree.get(at)?.parent) {
    if (drives.has(at)) return at;
    passed.add(at);
  }
  return OWN_LOG;
}
