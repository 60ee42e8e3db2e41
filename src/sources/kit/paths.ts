/** Remote names as paths: any name may come, and a path must stay one way down from the root. */

/** How names are compared where a place ignores case and spelling; for `pathKey` where the place gives none itself. */
export function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}

/**
 * A remote name as one part of a path, still readable: what a path cannot hold is shown by a look-alike (a slash by `∕`, a
 * control character by its picture), so that no name leads elsewhere; ids keep the true name.
 */
export function pathPart(name: string): string {
  const shown = name
    .toWellFormed()
    .replaceAll('/', '∕')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u001f]/g, (control) => String.fromCodePoint(0x2400 + control.charCodeAt(0)))
    .replaceAll('\u007f', '␡');
  if (shown === '') return '∅';
  return /^\.{1,2}$/.test(shown) ? shown.replaceAll('.', '․') : shown;
}

/** `name` below `parent`, which is a path already ('' for the root). */
export function pathBelow(parent: string, name: string): string {
  return parent === '' ? pathPart(name) : `${parent}/${pathPart(name)}`;
}

/** A key whose parts are told apart by `/`, such as an object's, as a path. */
export function pathOfKey(key: string): string {
  return key.split('/').map(pathPart).join('/');
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
