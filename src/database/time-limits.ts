/** What a server sets for everybody, as those that are hosted do, is meant for short statements: imports and migrations take what they take. */

/** For `options` of a connection. */
export const ANY_STATEMENT = '-c statement_timeout=0 -c lock_timeout=0';

/** The same of whole transactions, on a server that is known to be new enough: older ones refuse such a connection. */
export const ANY_TRANSACTION = `${ANY_STATEMENT} -c transaction_timeout=0`;
