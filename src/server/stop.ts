import type { Log } from '../kernel/log.ts';

/**
 * Runs `stop` once on SIGTERM or SIGINT, then ends the process: code 0, or 1 when stopping failed. A second signal does
 * not wait. Returns what takes the handlers off again.
 */
export function onStopSignal(
  log: Log,
  stop: () => Promise<void>,
  exit: (code: number) => void = process.exit,
): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn({ signal }, 'stopping at once');
      exit(1);
      return;
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    stop().then(
      () => exit(0),
      (err: unknown) => {
        log.error({ err }, 'stopping failed');
        exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  };
}
