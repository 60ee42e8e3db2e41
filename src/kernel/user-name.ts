import { userInfo } from 'node:os';

/** The system's name for whoever runs this process; a container's user may have only a number. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `${process.getuid?.() ?? 'unknown'}`;
  }
}
