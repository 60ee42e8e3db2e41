/** Rows for searches: what a test does not care for is filled in. */
import type pg from 'pg';
import { insertRows } from '../support/research.ts';

const EPOCH = new Date(0).toISOString();

export const addVideos = (owner: pg.Pool, videos: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
  insertRows(
    owner,
    'videos',
    videos.map(
      ({ video_id, title = 'Untitled', transcript_content = null, channel_id = null, created_date = EPOCH }) => ({
        video_id,
        title,
        transcript_content,
        channel_id,
        created_date,
        source_url: 'x',
        status: 'completed',
        updated_at: EPOCH,
        metadata: {},
      }),
    ),
  );

/** `[second, text]`, in the order of speech. */
export const addSegments = (
  owner: pg.Pool,
  video_id: string,
  said: readonly (readonly [number | null, string])[],
): Promise<void> =>
  insertRows(
    owner,
    'video_segments',
    said.map(([start_seconds, text], index) => ({ video_id, position: index + 1, start_seconds, text, speaker: null })),
  );

export const addResearches = (
  owner: pg.Pool,
  researches: readonly Readonly<Record<string, unknown>>[],
): Promise<void> =>
  insertRows(
    owner,
    'researches',
    researches.map(({ research_id, title = 'Untitled', department = 'AI', created_date = EPOCH, metadata = {} }) => ({
      research_id,
      title,
      department,
      created_date,
      metadata,
      status: 'active',
      updated_date: EPOCH,
    })),
  );

export const addReports = (owner: pg.Pool, reports: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
  insertRows(
    owner,
    'reports',
    reports.map(({ report_id, title = 'Untitled', research_id = null, created_date = EPOCH, metadata = {} }) => ({
      report_id,
      title,
      research_id,
      created_date,
      metadata,
      updated_at: EPOCH,
    })),
  );

export const addAnalyses = (owner: pg.Pool, analyses: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
  insertRows(
    owner,
    'analysis_results',
    analyses.map(({ analysis_id, title, text = '', video_id = null, created_at = EPOCH }) => ({
      analysis_id,
      video_id,
      created_at,
      analysis_type: 'extraction',
      results: { title, text },
      updated_at: EPOCH,
    })),
  );

export const addChannels = (owner: pg.Pool, names: Readonly<Record<string, string>>): Promise<void> =>
  insertRows(
    owner,
    'channels',
    Object.entries(names).map(([channel_id, name]) => ({
      channel_id,
      name,
      platform: 'YouTube',
      metadata: {},
      created_at: EPOCH,
      updated_at: EPOCH,
    })),
  );

export const linkVideos = (owner: pg.Pool, links: readonly (readonly [string, string])[]): Promise<void> =>
  insertRows(
    owner,
    'research_videos',
    links.map(([research_id, video_id]) => ({ research_id, video_id, created_at: EPOCH, updated_at: EPOCH })),
  );
