/** How programs name the copies that they make of a file which two have changed, by language. */

/**
 * What stands in the brackets of Dropbox's copies, such as `queue (Ada's conflicted copy 2026-11-21).csv`: it is written in the
 * language of whoever's computer made it, so one team's folder has several. Lower case.
 */
export const CONFLICTED_COPY: Readonly<Record<string, readonly string[]>> = {
  en: ['conflicted copy', 'conflicting copy', 'conflict copy'],
  da: ['modstridende kopi', 'konfliktkopi'],
  de: ['in konflikt stehende kopie', 'konfliktkopie'],
  es: ['copia en conflicto', 'copia conflictiva'],
  fr: ['copie en conflit', 'copie conflictuelle'],
  id: ['salinan konflik', 'salinan yang bentrok', 'salinan berkonflik'],
  it: ['copia in conflitto', 'copia conflittuale'],
  ja: ['競合コピー', '競合するコピー', '競合したコピー'],
  ko: ['충돌된 사본', '충돌하는 사본', '충돌 사본', '충돌된 복사본', '충돌하는 복사본'],
  ms: ['salinan bercanggah', 'salinan yang bercanggah'],
  nb: ['motstridende kopi', 'konfliktkopi', 'kopi i konflikt'],
  nl: ['conflicterende kopie', 'kopie met conflict', 'conflicterend exemplaar'],
  pl: ['kopia powodująca konflikt', 'kopia w konflikcie', 'kopia konfliktowa', 'skonfliktowana kopia'],
  pt: ['cópia em conflito', 'cópia conflitante', 'cópia em conflicto'],
  ru: ['конфликтующая копия', 'копия с конфликтом', 'конфликтная копия'],
  sv: ['konfliktkopia', 'konflikterande kopia', 'motstridig kopia', 'kopia i konflikt'],
  th: ['สำเนาที่ขัดแย้ง', 'สำเนาที่มีข้อขัดแย้ง', 'สำเนาขัดแย้ง'],
  tr: ['çakışan kopya', 'çakışmalı kopya', 'çelişen kopya'],
  uk: ['конфліктна копія', 'конфліктуюча копія', 'копія з конфліктом', 'суперечлива копія'],
  'zh-cn': ['冲突副本', '冲突的副本', '有冲突的副本'],
  'zh-tw': ['衝突複本', '衝突的複本', '衝突副本', '衝突的複製版本', '衝突複製版本'],
};

/** Dropbox's other reasons to make a copy, in brackets: two names that a system takes for one. */
export const NAME_CLASHES: readonly string[] = [
  'case conflict',
  'selective sync conflict',
  'unicode encoding conflict',
  'whitespace conflict',
  'konflikt mit groß-/kleinschreibung',
  'conflit de casse',
  'conflicto de mayúsculas',
];

/** Other programs', by what stands at the end of the name before its extension. */
export const OTHER_PROGRAMS: readonly { readonly program: string; readonly pattern: RegExp }[] = [
  { program: 'Syncthing', pattern: /\.sync-conflict-\d{8}-\d{6}(-[a-z0-9]{7})?$/i },
  { program: 'Nextcloud', pattern: /_conflict-\d{8}-\d{6}$/i },
  // The computer's name: only those that Windows gives by itself can be told from a word of the name's own.
  { program: 'OneDrive', pattern: /-(DESKTOP|LAPTOP)-[A-Z0-9]{7}(-\d+)?$/ },
  { program: 'Google Drive', pattern: /( ?\[conflict\]|_conf\(\d+\))( ?\(\d+\))?$/i },
  { program: 'Resilio Sync', pattern: /.\.conflict(\d+)?$/i },
  { program: 'Unison', pattern: / \(conflict on \d{4}-\d{2}-\d{2}\)$/i },
];
