/** How often the parent is looked at: soon enough for whoever stops a service and starts it again. */
const WATCH_MS = 200;

/**
 * Ends the process as SIGTERM does once the shell that npm put between them is gone. npm passes SIGTERM on to that shell
 * alone; it dies, and a server would go on without a parent, holding its port and its database.
 * Outside an npm script nothing is watched: a process may outlive whoever started it.
 */
export function endWithNpmShell(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment['npm_lifecycle_event'] === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, WATCH_MS);
  timer.unref();
  // A signal to the whole group (Ctrl-C, a supervisor) ends the shell too: ending it again would be a second signal, which
  // does not wait for open requests and the database.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => clearInterval(timer));
}
