/** The rows that values of mutations refer to. */
import type pg from 'pg';
import { insertRows } from './research.ts';

/** An employee, a channel, a research and a video, by the keys that the tests' values name. */
export async function seedReferred(owner: pg.Pool): Promise<void> {
  const known = { metadata: {}, created_at: 'now', updated_at: 'now' };
  await insertRows(owner, 'employees', [{ ...known, employee_id: 'anna', name: 'Anna' }]);
  await insertRows(owner, 'channels', [{ ...known, channel_id: 'YT-1', name: 'One', platform: 'YouTube' }]);
  const research = { research_id: 'RSR-100', title: 'T', department: 'AI', status: 'active', metadata: {} };
  await insertRows(owner, 'researches', [{ ...research, created_date: 'now', updated_date: 'now' }]);
  const video = {
    video_id: 'Video_100',
    source_url: 'https://example.org',
    title: 'V',
    status: 'queued',
    metadata: {},
  };
  await insertRows(owner, 'videos', [{ ...video, created_date: 'now', updated_at: 'now' }]);
}
