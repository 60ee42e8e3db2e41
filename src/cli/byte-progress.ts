/** How a backup shows that it goes on: so many bytes by now, on a terminal; nothing elsewhere. */
import type { Terminal } from './terminal.ts';

export interface ByteProgress {
  readonly onBytes: (bytes: number) => void;
  /** Takes the line off the screen. */
  readonly close: () => void;
}

const REDRAW_MS = 200;

/** `copied 1.2 GB`, drawn over itself. */
export function showBytes(terminal: Terminal, verb: string): ByteProgress {
  let bytes = 0;
  let drawn = 0;
  return {
    onBytes: (more) => {
      bytes += more;
      if (!terminal.hasBars || Date.now() - drawn < REDRAW_MS) return;
      drawn = Date.now();
      terminal.draw(`\r${verb} ${size(bytes)}\x1b[K`);
    },
    close: () => {
      if (drawn > 0) terminal.draw('\r\x1b[K');
    },
  };
}

/** `12 bytes`, `1.2 MB` */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
