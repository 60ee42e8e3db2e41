/**
 * Pictures in a text (UTS #51). What nobody sees of them (joiners, tags, the choice of a form) makes them what they are, and senders
 * leave some of it out: a picture has one spelling here, the fully qualified one.
 */

const ELEMENT = '\\p{ExtPict}[\\uFE0E\\uFE0F]*(?:\\p{EMod}[\\uFE0E\\uFE0F]*)?';
const PICTURE = new RegExp(`${ELEMENT}(?:\\u200D${ELEMENT})*`, 'gv');
const PARTS = /^(?<base>.)(?<form>[\uFE0E\uFE0F]?)[\uFE0E\uFE0F]*(?<tone>\p{EMod}?)/v;
const KEYCAP = /([0-9#*])\uFE0F?\u20E3/g;
const WHOLE = /^\p{RGI_Emoji}$/v;

/** What there is to look at in it. Most texts have none, and looking for whole ones takes long. */
export const HAS_PICTURE = /[\p{ExtPict}\u20E3]/v;
/** Pictures as a whole, and the choice of the form that is not the usual one. */
export const SHOWN_PICTURES = /\p{RGI_Emoji}|(?<=\p{EPres})\uFE0E/gv;

/** The text with each picture in the spelling of those that look the same. */
export function spellPictures(text: string): string {
  if (!HAS_PICTURE.test(text)) return text;
  return text.replace(KEYCAP, '$1\uFE0F\u20E3').replace(PICTURE, (picture) => {
    if (!picture.includes('\u200D')) return spellOne(picture);
    const joined = picture.split('\u200D').map(qualified).join('\u200D');
    // Joined to what is no picture they show side by side, as if nothing joined them.
    return WHOLE.test(joined) ? joined : picture;
  });
}

function qualified(element: string): string {
  const { base, tone } = partsOf(element);
  return base + (tone || (/\p{EPres}/v.test(base) ? '' : '\uFE0F'));
}

function spellOne(element: string): string {
  const { base, form, tone } = partsOf(element);
  if (tone !== '' && /\p{EBase}/v.test(base)) return base + tone;
  // The usual form needs no choice; what has one form alone has none.
  const other = /\p{EPres}/v.test(base) ? '\uFE0E' : /\p{Emoji}/v.test(base) ? '\uFE0F' : '';
  return base + (form === other ? form : '') + tone;
}

function partsOf(element: string): { base: string; form: string; tone: string } {
  const { base = '', form = '', tone = '' } = PARTS.exec(element)?.groups ?? {};
  return { base, form, tone };
}
