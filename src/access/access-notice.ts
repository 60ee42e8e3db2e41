/** The channel on which the database tells, at commit, that rights were changed or ended: of users, tokens or sessions. */
export const ACCESS = 'access';
