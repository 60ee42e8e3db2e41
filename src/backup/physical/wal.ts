/** The segments of the write-ahead log between two positions, by name. */

/** `16/B374D848` as a number. */
export function readLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** Every segment that holds something from `startLsn` up to, and without, `stopLsn`, in order. */
export function segmentNames(timeline: number, segmentSize: number, startLsn: string, stopLsn: string): string[] {
  const size = BigInt(segmentSize);
  const perFile = 0x100000000n / size;
  const first = readLsn(startLsn) / size;
  // A stop at the very start of a segment needs nothing of it.
  const last = (readLsn(stopLsn) - 1n) / size;
  const hex = (value: bigint): string => value.toString(16).toUpperCase().padStart(8, '0');
  const names: string[] = [];
  for (let segment = first; segment <= last; segment += 1n) {
    names.push(hex(BigInt(timeline)) + hex(segment / perFile) + hex(segment % perFile));
  }
  return names;
}
