/** `cairn user`: people who may sign in. */
import { Command, Option } from 'commander';
import { createUserCode, signInLink } from '../../access/sign-in.ts';
import { listUsers, type UserSummary, userIdOf } from '../../access/users.ts';
import { createUser, disableUser, enableUser } from '../../access/users.write.ts';
import { type WriteSession, writeSession } from '../../database/session.ts';
import { ROLES, type Role } from '../../kernel/actor.ts';
import type { Config } from '../../kernel/config.ts';
import { type CommandContext, type House, withHouse } from '../context.ts';
import { askedScopes, scopesOption } from '../scopes.ts';
import { renderTable } from '../table.ts';

interface CreateOptions {
  readonly name?: string;
  readonly role: Role;
  readonly scopes?: readonly string[];
  readonly json?: boolean;
}

interface JsonOption {
  readonly json?: boolean;
}

export function userCommand(context: CommandContext): Command {
  return new Command('user')
    .summary('make, list and disable users')
    .description(
      'People who may sign in: by a link that this command makes, or by the OpenID provider of the settings.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- user create anna@example.org --role editor
  npm run -s cairn -- user link anna@example.org
  npm run -s cairn -- user disable anna@example.org`,
    )
    .addCommand(create(context))
    .addCommand(list(context))
    .addCommand(link(context))
    .addCommand(
      change(context, 'disable', 'Lets a user in no more: sessions, links and tokens end at once.', disableUser),
    )
    .addCommand(change(context, 'enable', 'Lets a disabled user sign in again.', enableUser));
}

function create(context: CommandContext): Command {
  return new Command('create')
    .description('Makes a user.')
    .argument('<email>', 'the e-mail address')
    .option('--name <name>', 'what people call them')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('viewer'))
    .addOption(scopesOption())
    .option('--json', 'print one JSON object')
    .action((email: string, { name, role, scopes, json }: CreateOptions) =>
      inSession(context, async ({ query }, { ingest }) => {
        const wanted = { email, name, role, scopes: askedScopes(ingest, scopes) };
        const userId = await createUser(query, context.actor, wanted);
        return json ? JSON.stringify({ userId }) : `made ${email}`;
      }),
    );
}

function list(context: CommandContext): Command {
  return new Command('list')
    .description('Lists all users, disabled ones too.')
    .option('--json', 'print one JSON object')
    .action(({ json }: JsonOption) =>
      withHouse(context, async ({ database }) => {
        const users = await listUsers(database);
        context.terminal.print(json ? JSON.stringify({ users }) : table(context, users));
        context.finish(0);
      }),
    );
}

function link(context: CommandContext): Command {
  return new Command('link')
    .description('Makes a link that signs one browser in as a user: for 15 minutes, and once.')
    .argument('<user>', 'the e-mail address or id')
    .option('--json', 'print one JSON object')
    .action((user: string, { json }: JsonOption) =>
      inSession(context, async ({ query }, { config }) => {
        const { code, expiresAt } = await createUserCode(query, await userIdOf(query, user));
        const made = signInLink(addressOf(config), code);
        return json ? JSON.stringify({ link: made, expiresAt }) : made;
      }),
    );
}

function change(
  context: CommandContext,
  name: 'disable' | 'enable',
  description: string,
  run: typeof disableUser,
): Command {
  return new Command(name)
    .description(description)
    .argument('<user>', 'the e-mail address or id')
    .option('--json', 'print one JSON object')
    .action((user: string, { json }: JsonOption) =>
      inSession(context, async (session) => {
        const userId = await userIdOf(session.query, user);
        await run(session, context.actor, userId);
        return json ? JSON.stringify({ userId }) : `${name}d ${user}`;
      }),
    );
}

/** Runs `work` in one transaction of the command line, and prints what it returns once that is committed. */
function inSession(
  context: CommandContext,
  work: (session: WriteSession, house: House) => Promise<string>,
): Promise<void> {
  return withHouse(context, async (house) => {
    const said = await writeSession(house.database.write, context.actor, (session) => work(session, house));
    context.terminal.print(said);
    context.finish(0);
  });
}

/** Where the server of these settings is reached, whether it runs or not. */
function addressOf({ publicUrl, host, port }: Config): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function table({ terminal }: CommandContext, users: readonly UserSummary[]): string {
  if (users.length === 0) return 'No users yet. Make one: npm run -s cairn -- user create EMAIL --role editor';
  const columns = ['e-mail', 'name', 'role', 'scopes', 'made', 'disabled'];
  const day = (date: Date | null): string => date?.toISOString().slice(0, 10) ?? '–';
  const rows = users.map(({ email, name, role, scopes, createdAt, disabledAt }) => [
    email,
    name ?? '–',
    role,
    scopes?.join(', ') ?? 'all',
    day(createdAt),
    day(disabledAt),
  ]);
  return renderTable(
    terminal,
    columns.map((head) => ({ head })),
    rows,
  );
}
