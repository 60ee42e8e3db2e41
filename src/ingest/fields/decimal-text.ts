/** Exact decimal numbers as digits: binary floating point would change what the file says. */

export interface Decimal {
  readonly isNegative: boolean;
  /** All significant digits, without leading zeros; `0` for zero. */
  readonly digits: string;
  /** How many of the digits stand behind the point; never negative, without trailing zeros. */
  readonly scale: number;
  /** True where the text had thousands separators. */
  readonly isGrouped: boolean;
}

const PLAIN = /^([+-]?)(\d{1,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/;
const BARE_FRACTION = /^([+-]?)\.(\d{1,400})$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3}){1,10}(?:\.\d{1,400})?$/;

const POINT_GROUP = /(?<![\d.,])\d{1,3}\.\d{3}(?![\d.,]|\s?[kmb])/i;

/**
 * `1.500` in a column of counts: one and a half thousand where a point groups digits, one and a half where it does not.
 * Undefined, or what to say of it.
 */
export function twoReadings(text: string): string | undefined {
  const found = POINT_GROUP.exec(text)?.[0];
  return (
    found && `${found} has two readings, ${found.replace('.', '')} or ${Number(found)}. Write it without the point.`
  );
}

/** `1,234.50`, `-.5`, `1e-7` as a decimal; undefined for anything else (`1,5` could mean two numbers). */
export function decimalOf(text: string): Decimal | undefined {
  const isGrouped = text.includes(',');
  if (isGrouped && !GROUPED.test(text)) return undefined;
  const plain = isGrouped ? text.replaceAll(',', '') : text;
  const match = PLAIN.exec(BARE_FRACTION.test(plain) ? plain.replace('.', '0.') : plain);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  let digits = whole + fraction;
  let scale = fraction.length - Number(exponent);
  if (scale < 0) {
    digits += '0'.repeat(-scale);
    scale = 0;
  }
  if (digits.length <= scale) digits = '0'.repeat(scale - digits.length + 1) + digits;
  let end = digits.length;
  while (scale > 0 && digits.charCodeAt(end - 1) === 48) {
    end -= 1;
    scale -= 1;
  }
  const significant = digits.slice(0, end).replace(/^0+(?=\d)/, '');
  return { isNegative: sign === '-' && significant !== '0', digits: significant, scale, isGrouped };
}

/** With exactly `scale` digits behind the point, halves rounded away from zero, as PostgreSQL's numeric does. */
export function fixedText({ isNegative, digits, scale: given }: Decimal, scale: number): string {
  let number: bigint;
  if (given <= scale) number = BigInt(digits) * 10n ** BigInt(scale - given);
  else {
    const unit = 10n ** BigInt(given - scale);
    number = (BigInt(digits) + unit / 2n) / unit;
  }
  const all = number.toString().padStart(scale + 1, '0');
  const body = scale === 0 ? all : `${all.slice(0, -scale)}.${all.slice(-scale)}`;
  return isNegative && number !== 0n ? `-${body}` : body;
}
