/**
 * Lookups of one key, shared by those who wait: at most one runs, and who comes meanwhile shares the next. Each begins after
 * everyone who shares it has asked, so that what was revoked before is never found.
 */
export function sharedLookup<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<T>>();
  const begin = (key: string): Promise<T> => {
    next.delete(key);
    const found = look(key);
    running.set(key, found);
    const end = (): void => {
      if (running.get(key) === found) running.delete(key);
    };
    found.then(end, end);
    return found;
  };
  return (key) => {
    const before = running.get(key);
    if (before === undefined) return begin(key);
    const shared =
      next.get(key) ??
      before
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => begin(key));
    next.set(key, shared);
    return shared;
  };
}
