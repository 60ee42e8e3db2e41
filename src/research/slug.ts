/**
 * A name as a key: `Niko Kar` is `niko-kar`. Letters and digits of every alphabet stay, so that two people whose names
 * are not Latin do not become one. Empty when the name has neither.
 */
export function slug(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
