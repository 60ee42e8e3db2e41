/** What every hash of this folder is. */

/** Takes bytes in any portions; `digest` is asked once. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}
