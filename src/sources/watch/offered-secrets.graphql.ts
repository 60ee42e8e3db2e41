import { builder } from '../../graphql/builder.ts';
import { mutate } from '../../graphql/mutate.ts';
import { sourcesSlot } from '../sources-house.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { type OfferedSecret, takeOffered } from './offered-secrets.ts';

const OfferedSecretType = builder.objectRef<OfferedSecret>('OfferedSecret').implement({
  description:
    'What somebody who called a webhook’s address says will sign its calls. Only the provider can say whether it is theirs.',
  fields: (t) => ({
    secret: t.exposeString('secret', {
      description:
        'To be entered at the provider (Notion: “Verify” beside the webhook). What it does not take is not its own: throw it away. What it takes is set as CAIRN_OAUTH_NOTION_SIGNING_SECRET.',
    }),
    offeredAt: t.expose('offeredAt', { type: 'DateTime', description: 'When it was offered.' }),
  }),
});

builder.mutationField('takeOfferedSecret', (t) =>
  t.field({
    type: OfferedSecretType,
    nullable: true,
    needs: { role: 'admin', scope: SOURCES_SCOPE },
    description:
      'Shows the secret that a new webhook of a provider has offered within the last hour, once; null where there is none. Such as `mutation { takeOfferedSecret(connector: "notion") { secret } }`.',
    args: { connector: t.arg.string({ required: true, description: 'The kind of source, such as notion.' }) },
    resolve: (_root, { connector }, context) =>
      mutate(context, ({ query }) => takeOffered(sourcesSlot.get(context), query, connector)),
  }),
);
