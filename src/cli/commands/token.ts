/** `cairn token`: bearer tokens for scripts. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { createToken, listTokens, revokeToken, type TokenSummary } from '../../access/tokens.ts';
import { ROLES, type Role } from '../../kernel/actor.ts';
import { type CommandContext, withHouse } from '../context.ts';
import { askedScopes, scopesOption } from '../scopes.ts';
import { renderTable } from '../table.ts';

interface CreateOptions {
  readonly role: Role;
  readonly scopes?: readonly string[];
  readonly expires?: Date;
  readonly json?: boolean;
}

export function tokenCommand(context: CommandContext): Command {
  return new Command('token')
    .summary('create, list and revoke tokens for scripts')
    .description(
      'Bearer tokens: a script sends one as "Authorization: Bearer TOKEN". The database keeps only their hash.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- token create nightly --role importer --scopes research --expires 90d
  npm run -s cairn -- token list
  npm run -s cairn -- token revoke nightly`,
    )
    .addCommand(create(context))
    .addCommand(list(context))
    .addCommand(revoke(context));
}

function create(context: CommandContext): Command {
  return new Command('create')
    .description('Creates a token and prints it, this once.')
    .argument('<name>', 'what the history will call whoever uses it')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('viewer'))
    .addOption(scopesOption())
    .option('--expires <when>', 'a number of days (90d) or a date (2027-01-31); without it: never', readExpiry)
    .option('--json', 'print one JSON object')
    .action((name: string, { role, scopes, expires, json }: CreateOptions) =>
      withHouse(context, async ({ database, ingest }) => {
        const wanted = { name, role, scopes: askedScopes(ingest, scopes), expiresAt: expires };
        const { token, summary } = await createToken(database, context.actor, wanted);
        context.terminal.print(json ? JSON.stringify({ token, ...summary }) : token);
        if (!json) context.terminal.note('This is its only showing: the database keeps a hash of it.');
        context.finish(0);
      }),
    );
}

function list(context: CommandContext): Command {
  return new Command('list')
    .description('Lists all tokens, revoked ones too; never a token itself.')
    .option('--json', 'print one JSON object')
    .action(({ json }: { readonly json?: boolean }) =>
      withHouse(context, async ({ database }) => {
        const tokens = await listTokens(database);
        context.terminal.print(json ? JSON.stringify({ tokens }) : table(context, tokens));
        context.finish(0);
      }),
    );
}

function revoke(context: CommandContext): Command {
  return new Command('revoke')
    .description('Revokes a token: from the next request on it opens nothing.')
    .argument('<name>', 'its name or id')
    .option('--json', 'print one JSON object')
    .action((name: string, { json }: { readonly json?: boolean }) =>
      withHouse(context, async ({ database }) => {
        const revoked = await revokeToken(database, context.actor, name);
        context.terminal.print(json ? JSON.stringify(revoked) : `revoked ${revoked.name}`);
        context.finish(0);
      }),
    );
}

function table({ terminal }: CommandContext, tokens: readonly TokenSummary[]): string {
  if (tokens.length === 0) return 'No tokens yet. Create one: npm run -s cairn -- token create NAME --role editor';
  const columns = ['name', 'role', 'scopes', 'starts with', 'created', 'by', 'expires', 'last used', 'revoked'];
  const day = (date: Date | null): string => date?.toISOString().slice(0, 10) ?? '–';
  const rows = tokens.map((token) => [
    token.name,
    token.role,
    token.scopes?.join(', ') ?? 'all',
    token.prefix,
    day(token.createdAt),
    token.createdBy,
    day(token.expiresAt),
    day(token.lastUsedAt),
    day(token.revokedAt),
  ]);
  return renderTable(
    terminal,
    columns.map((head) => ({ head })),
    rows,
  );
}

const DAY_MS = 86_400_000;

function readExpiry(text: string): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const date = days === undefined ? new Date(text) : new Date(Date.now() + Number(days) * DAY_MS);
  // A date such as 2027-02-30 is read as a day in March.
  const isDate = days !== undefined || (/^\d{4}-\d\d-\d\d$/.test(text) && date.getTime() === Date.parse(text));
  const isReal = isDate && !Number.isNaN(date.getTime()) && (days !== undefined || date.toISOString().startsWith(text));
  if (!isReal) throw new InvalidArgumentError('Write a number of days (90d) or a date (2027-01-31).');
  if (date.getTime() <= Date.now()) throw new InvalidArgumentError('That is over already.');
  return date;
}
