import { describe, expect, test } from 'vitest';
import { conflictCopyPath, conflictCopyReason } from '../../../src/sources/write-back/conflict-copy.ts';
import { CONFLICTED_COPY } from '../../../src/sources/write-back/conflict-phrases.ts';

describe('a conflict copy is known by its name', () => {
  test.each([
    ["queue (Ada Reader's conflicted copy 2026-11-21).csv"],
    ["queue (ada-laptop's conflicted copy 2026-11-21 (1)).csv"],
    ["queue (Cairn's conflicted copy 2026-11-21).csv"],
    ['queue (In Konflikt stehende Kopie von Ada 2026-11-21).csv'],
    ['queue (Copie en conflit de Ada 2026-11-21).csv'],
    ['queue (Copia en conflicto de Ada 2026-11-21).csv'],
    ['queue (copia in conflitto di Ada 2026-11-21).csv'],
    ['queue (Cópia em conflito de Ada 2026-11-21).csv'],
    ['queue (Co\u0301pia em conflito de Ada 2026-11-21).csv'],
    ['queue (конфліктна копія Ada 2026-11-21).csv'],
    ['queue (конфликтующая копия пользователя Ada 2026-11-21).csv'],
    ['queue (Ada の競合コピー 2026-11-21).csv'],
    ['queue（Ada 的冲突副本 2026-11-21）.csv'],
    ['queue (Ada 的衝突複本 2026-11-21).csv'],
    ['queue (Ada의 충돌된 사본 2026-11-21).csv'],
    ['queue (Kopia powodująca konflikt użytkownika Ada 2026-11-21).csv'],
    ['Queue (Case Conflict).csv'],
    ['Queue (Case Conflict 1).csv'],
    ['queue (Selective Sync Conflict).csv'],
    ['queue.sync-conflict-20261121-101112-ABCDEFG.csv'],
    ['queue.sync-conflict-20261121-101112-ABCDEFG'],
    ['queue_conflict-20261121-101112.csv'],
    ['queue-DESKTOP-4F2K9QZ.csv'],
    ['queue-LAPTOP-4F2K9QZ-2.csv'],
    ['queue [Conflict].csv'],
    ['queue_conf(1).csv'],
    ['notes.Conflict.md'],
    ["README (Ada's conflicted copy 2026-11-21)"],
  ])('%s', (name) => {
    expect(conflictCopyReason(name)).toMatch(/^a conflict copy/);
  });

  test('in every language of the table', () => {
    for (const phrase of Object.values(CONFLICTED_COPY).flat()) {
      expect(conflictCopyReason(`queue (${phrase.toUpperCase()} Ada 2026-11-21).csv`), phrase).toBeDefined();
      expect(conflictCopyReason(`queue (Ada ${phrase} 2026-11-21).csv`.normalize('NFD')), phrase).toBeDefined();
    }
  });
});

test.each([
  ['queue.csv'],
  ['queue (1).csv'],
  ['On conflicted copy.md'],
  ['Gap Analysis (conflict of interest).md'],
  ['Case conflict studies (2024).md'],
  ['conflict.csv'],
  ['.conflict'],
  ['sales-DESKTOP.csv'],
  ['a-laptop-abcdefg.csv'],
  ['queue (draft) copy.csv'],
  ['конфлікт (2024).md'],
])('%s is a file of its own', (name) => {
  expect(conflictCopyReason(name)).toBeUndefined();
});

test('ours are named as Dropbox names them, and are known again', () => {
  const at = new Date('2026-11-21T23:59:59Z');
  expect(conflictCopyPath('exports/people.v2.csv', at, 0)).toBe(
    "exports/people.v2 (Cairn's conflicted copy 2026-11-21).csv",
  );
  expect(conflictCopyPath('people', at, 2)).toBe("people (Cairn's conflicted copy 2026-11-21 (2))");
  for (const turn of [0, 1, 20]) {
    expect(conflictCopyReason(conflictCopyPath('a.csv', at, turn))).toBeDefined();
    expect(conflictCopyReason(conflictCopyPath('.hidden', at, turn))).toBeDefined();
  }
});
