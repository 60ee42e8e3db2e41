-- safe: new tables, and columns that may be absent.

-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "method" TEXT NOT NULL DEFAULT 'link',
ADD COLUMN     "session_id" UUID NOT NULL DEFAULT gen_random_uuid(),
ADD COLUMN     "user_agent" TEXT,
ADD COLUMN     "user_id" UUID,
ALTER COLUMN "role" DROP NOT NULL;

-- AlterTable
ALTER TABLE "sign_in_links" ADD COLUMN     "user_id" UUID,
ALTER COLUMN "role" DROP NOT NULL;

-- AlterTable
ALTER TABLE "tokens" ADD COLUMN     "scopes" TEXT[],
ADD COLUMN     "user_id" UUID;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "oidc_issuer" TEXT,
ADD COLUMN     "oidc_subject" TEXT,
ADD COLUMN     "scopes" TEXT[];

-- CreateTable
CREATE TABLE "sign_in_attempts" (
    "id" BIGSERIAL NOT NULL,
    "hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_log" (
    "id" BIGSERIAL NOT NULL,
    "table_name" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "old_values" JSONB,
    "new_values" JSONB,

    CONSTRAINT "access_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_attempts_hash_key" ON "sign_in_attempts"("hash");

-- CreateIndex
CREATE INDEX "access_log_table_name_record_id_id_idx" ON "access_log"("table_name", "record_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sessions_session_id_key" ON "sessions"("session_id");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_label_idx" ON "sessions"("label");

-- CreateIndex
CREATE INDEX "sign_in_links_user_id_idx" ON "sign_in_links"("user_id");

-- CreateIndex
CREATE INDEX "tokens_user_id_idx" ON "tokens"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_oidc_issuer_oidc_subject_key" ON "users"("oidc_issuer", "oidc_subject");

-- AddForeignKey
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_in_links" ADD CONSTRAINT "sign_in_links_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The sessions that were open have an id now; new ones bring theirs.
ALTER TABLE sessions ALTER COLUMN session_id DROP DEFAULT;

ALTER TABLE users
  DROP CONSTRAINT users_role_check,
  ADD CONSTRAINT users_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT users_scopes_check CHECK (cardinality(scopes) BETWEEN 1 AND 20),
  ADD CONSTRAINT users_email_check CHECK (email = lower(email) AND char_length(email) BETWEEN 3 AND 320),
  ADD CONSTRAINT users_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT users_oidc_check CHECK ((oidc_issuer IS NULL) = (oidc_subject IS NULL));

ALTER TABLE tokens
  DROP CONSTRAINT tokens_role_check,
  ADD CONSTRAINT tokens_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT tokens_scopes_check CHECK (cardinality(scopes) BETWEEN 1 AND 20);

-- A session has the rights of its user, or, without one, a role of its own: never both, which could disagree.
ALTER TABLE sessions
  DROP CONSTRAINT sessions_role_check,
  ADD CONSTRAINT sessions_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT sessions_owner_check CHECK (num_nonnulls(user_id, role) = 1),
  ADD CONSTRAINT sessions_method_check CHECK (method IN ('link', 'oidc')),
  ADD CONSTRAINT sessions_user_agent_check CHECK (char_length(user_agent) <= 300);

ALTER TABLE sign_in_links
  DROP CONSTRAINT sign_in_links_role_check,
  ADD CONSTRAINT sign_in_links_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT sign_in_links_owner_check CHECK (num_nonnulls(user_id, role) = 1);

ALTER TABLE access_log
  ADD CONSTRAINT access_log_operation_check CHECK (operation IN ('insert', 'update', 'delete'));

-- Who gave, changed and took rights, whichever code does it. These tables are small, so rows are logged one by one. Hashes
-- stay out, and so do the times of last use, which would log every use.
CREATE FUNCTION log_access() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY['id', 'hash', 'last_used_at', 'last_seen_at'];
  actor CONSTANT text := coalesce(nullif(current_setting('cairn.actor', true), ''), 'database:' || session_user);
  before CONSTANT jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - hidden END;
  after CONSTANT jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - hidden END;
  record_id CONSTANT text := coalesce(after, before) ->> TG_ARGV[0];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO access_log (table_name, record_id, operation, changed_by, old_values, new_values)
    SELECT TG_TABLE_NAME, record_id, 'update', actor,
           jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, a.value)
      FROM jsonb_each(before) b
      JOIN jsonb_each(after) a USING (key)
     WHERE a.value IS DISTINCT FROM b.value
    HAVING count(*) > 0;
  ELSE
    INSERT INTO access_log (table_name, record_id, operation, changed_by, old_values, new_values)
    VALUES (TG_TABLE_NAME, record_id, lower(TG_OP), actor, before, after);
  END IF;
  RETURN NULL;
END;
$$;
REVOKE EXECUTE ON FUNCTION log_access() FROM PUBLIC;

CREATE TRIGGER log_access AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION log_access('user_id');
CREATE TRIGGER log_access AFTER INSERT OR UPDATE OR DELETE ON tokens FOR EACH ROW EXECUTE FUNCTION log_access('token_id');
CREATE TRIGGER log_access AFTER INSERT OR UPDATE OR DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION log_access('session_id');

-- The log is written by the triggers alone.
GRANT SELECT ON access_log TO cairn_app;
GRANT SELECT, INSERT, DELETE ON sign_in_attempts TO cairn_app;
GRANT USAGE, SELECT ON SEQUENCE sign_in_attempts_id_seq TO cairn_app;
