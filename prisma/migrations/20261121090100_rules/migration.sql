-- safe: rules on new tables.

-- Lengths are in characters. Keys stay far below what a btree page takes (2,704 bytes) at four bytes a character.
ALTER TABLE employees
  ADD CONSTRAINT employees_employee_id_check CHECK (char_length(employee_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT employees_name_check CHECK (char_length(name) BETWEEN 1 AND 500),
  ADD CONSTRAINT employees_email_check CHECK (char_length(email) <= 320),
  ADD CONSTRAINT employees_department_check CHECK (department IN ('VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM'));

ALTER TABLE researches
  ADD CONSTRAINT researches_research_id_check CHECK (char_length(research_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT researches_title_check CHECK (char_length(title) BETWEEN 1 AND 2000),
  ADD CONSTRAINT researches_department_check CHECK (department IN ('VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM')),
  ADD CONSTRAINT researches_status_check CHECK (status IN ('planning', 'active', 'review', 'completed', 'archived')),
  ADD CONSTRAINT researches_output_path_check CHECK (char_length(output_path) <= 2000);

ALTER TABLE channels
  ADD CONSTRAINT channels_channel_id_check CHECK (char_length(channel_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT channels_name_check CHECK (char_length(name) BETWEEN 1 AND 500),
  ADD CONSTRAINT channels_platform_check CHECK (char_length(platform) BETWEEN 1 AND 100),
  ADD CONSTRAINT channels_url_check CHECK (char_length(url) <= 2000),
  ADD CONSTRAINT channels_category_check CHECK (char_length(category) <= 500);

ALTER TABLE videos
  ADD CONSTRAINT videos_video_id_check CHECK (char_length(video_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT videos_source_url_check CHECK (char_length(source_url) BETWEEN 1 AND 2000),
  ADD CONSTRAINT videos_title_check CHECK (char_length(title) BETWEEN 1 AND 2000),
  ADD CONSTRAINT videos_duration_check CHECK (duration >= 0),
  ADD CONSTRAINT videos_status_check CHECK (status IN ('queued', 'transcribing', 'analyzing', 'completed', 'failed')),
  ADD CONSTRAINT videos_phase_check CHECK (phase BETWEEN 1 AND 7),
  ADD CONSTRAINT videos_transcript_path_check CHECK (char_length(transcript_path) <= 2000),
  ADD CONSTRAINT videos_transcript_content_check CHECK (char_length(transcript_content) <= 16000000);

ALTER TABLE video_segments
  ADD CONSTRAINT video_segments_position_check CHECK (position BETWEEN 1 AND 1000000),
  ADD CONSTRAINT video_segments_start_seconds_check CHECK (start_seconds >= 0),
  ADD CONSTRAINT video_segments_end_seconds_check CHECK (end_seconds >= 0),
  ADD CONSTRAINT video_segments_speaker_check CHECK (char_length(speaker) <= 500),
  ADD CONSTRAINT video_segments_text_check CHECK (char_length(text) BETWEEN 1 AND 1000000);

ALTER TABLE influencers
  ADD CONSTRAINT influencers_influencer_id_check CHECK (char_length(influencer_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT influencers_name_check CHECK (char_length(name) BETWEEN 1 AND 500),
  ADD CONSTRAINT influencers_platform_check CHECK (char_length(platform) <= 100),
  ADD CONSTRAINT influencers_category_check CHECK (char_length(category) <= 500),
  ADD CONSTRAINT influencers_subscriber_count_check CHECK (subscriber_count >= 0),
  ADD CONSTRAINT influencers_engagement_rate_check CHECK (engagement_rate BETWEEN 0 AND 100);

ALTER TABLE search_queue
  ADD CONSTRAINT search_queue_search_id_check CHECK (char_length(search_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT search_queue_department_check CHECK (department IN ('VID', 'AI', 'LGN', 'DEV', 'HR', 'DESIGN', 'SALES', 'SMM')),
  ADD CONSTRAINT search_queue_status_check CHECK (status IN ('pending', 'active', 'completed', 'cancelled')),
  ADD CONSTRAINT search_queue_priority_check CHECK (priority BETWEEN 1 AND 5),
  ADD CONSTRAINT search_queue_query_check CHECK (char_length(query) BETWEEN 1 AND 10000),
  ADD CONSTRAINT search_queue_results_path_check CHECK (char_length(results_path) <= 2000);

ALTER TABLE reports
  ADD CONSTRAINT reports_report_id_check CHECK (char_length(report_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT reports_title_check CHECK (char_length(title) BETWEEN 1 AND 2000),
  ADD CONSTRAINT reports_report_type_check CHECK (char_length(report_type) <= 200),
  ADD CONSTRAINT reports_file_path_check CHECK (char_length(file_path) <= 2000);

ALTER TABLE analysis_results
  ADD CONSTRAINT analysis_results_analysis_id_check CHECK (char_length(analysis_id) BETWEEN 1 AND 200),
  ADD CONSTRAINT analysis_results_analysis_type_check CHECK (analysis_type IN ('gap_analysis', 'library_mapping', 'extraction', 'validation', 'phase_report')),
  ADD CONSTRAINT analysis_results_file_path_check CHECK (char_length(file_path) <= 2000);

ALTER TABLE research_videos
  ADD CONSTRAINT research_videos_relevance_score_check CHECK (relevance_score BETWEEN 0 AND 1);

ALTER TABLE imports
  ADD CONSTRAINT imports_status_check CHECK (status IN ('running', 'imported', 'unchanged', 'failed', 'undone')),
  ADD CONSTRAINT imports_counts_check CHECK (status NOT IN ('imported', 'undone') OR read = inserted + updated + unchanged + rejected);

ALTER TABLE rejects
  ADD CONSTRAINT rejects_status_check CHECK (status IN ('open', 'fixed', 'dropped'));

ALTER TABLE users
  ADD CONSTRAINT users_role_check CHECK (role IN ('viewer', 'editor', 'admin'));

ALTER TABLE tokens
  ADD CONSTRAINT tokens_role_check CHECK (role IN ('viewer', 'editor', 'admin'));

ALTER TABLE sessions
  ADD CONSTRAINT sessions_role_check CHECK (role IN ('viewer', 'editor', 'admin'));

ALTER TABLE sign_in_links
  ADD CONSTRAINT sign_in_links_role_check CHECK (role IN ('viewer', 'editor', 'admin'));

ALTER TABLE change_log
  ADD CONSTRAINT change_log_operation_check CHECK (operation IN ('insert', 'update', 'delete'));

ALTER TABLE "references"
  ADD CONSTRAINT references_target_by_check CHECK (target_by IN ('key', 'name'));
