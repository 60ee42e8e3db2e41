/** Moments as the formats with types of their own hold them. */
import { AppError } from '../../kernel/errors.ts';

const MOMENT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/;

/**
 * Microseconds since 1970 of `2026-01-02T03:04:05.678901Z`.
 * @throws AppError BAD_USER_INPUT for what no calendar of these formats has: `infinity`, years before 1 and after 9999
 */
export function microsOf(text: string): bigint {
  const match = MOMENT.exec(text);
  const whole = match === null ? Number.NaN : Date.parse(`${match[1]}Z`);
  if (Number.isNaN(whole))
    throw new AppError('BAD_USER_INPUT', `A row holds the moment ${text}, which this format cannot hold.`, {
      hint: 'Export it as CSV or JSON, or correct the row.',
    });
  return BigInt(whole) * 1000n + BigInt((match?.[2] ?? '').padEnd(6, '0'));
}
