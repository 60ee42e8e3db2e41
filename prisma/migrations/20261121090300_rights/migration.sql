-- safe: rights on new tables.

-- The application's role owns nothing and bypasses nothing. Login roles are members of it; the start makes them.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cairn_app') THEN
    CREATE ROLE cairn_app NOLOGIN;
  END IF;
END;
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION ensure_change_log_partitions() FROM PUBLIC;
REVOKE EXECUTE ON PROCEDURE audit_table(regclass, text) FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cairn_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  employees, researches, channels, videos, video_segments, influencers, search_queue, reports, analysis_results,
  research_videos, video_influencers,
  rejects, plans, "references", origins, tombstones,
  users, tokens, sessions, sign_in_links
TO cairn_app;
-- Every import is kept, and history is written by triggers alone.
GRANT SELECT, INSERT, UPDATE ON imports TO cairn_app;
GRANT SELECT ON change_log, file_sync_log TO cairn_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cairn_app;
