/** Where pg-boss keeps what it carries; made by its owner when migrations run. */
export const QUEUE_SCHEMA = 'pgboss';
