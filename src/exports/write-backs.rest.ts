import Type, { type Static } from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import type { RouteAnswer } from '../http/route.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { restRoute } from '../rest/route.ts';
import { writeBackEntity } from '../sources/write-back/rest-entity.ts';
import { CONTENTS, MAY_WRITE_BACK } from '../sources/write-back/write-back.ts';
import { WRITE_BACK_ROW, WRITE_BACK_TIMES, writeBackNow } from '../sources/write-back/write-backs.rest.ts';
import { addWriteBack } from '../sources/write-back/write-backs.write.ts';
import { START_EXPORT } from './exports.rest.ts';
import { newWriteBack } from './new-write-back.ts';

const { where, order_by, fields, options, format } = START_EXPORT.properties;
const CREATE = Type.Object(
  {
    source_id: Type.String({ format: 'uuid', description: 'The source that is written to.' }),
    name: Type.String({ description: 'What people call it.' }),
    content: Type.Enum([...CONTENTS], {
      description: 'export: the dataset’s rows as one file. rows: edits by hand, into the files that they came from.',
    }),
    dataset: Type.String({ description: 'Whose rows.', examples: ['videos'] }),
    path: Type.Optional(Type.String({ description: 'From the source’s root; of rows the one file to write.' })),
    ...{ format, where, order_by, fields, options },
    ...WRITE_BACK_TIMES,
  },
  {
    additionalProperties: false,
    examples: [
      {
        source_id: '019a0b1c-2d3e-7f40-8a51-62738495a6b8',
        name: 'videos',
        content: 'export',
        dataset: 'videos',
        path: 'exports/videos.csv',
        timing: 'after_edits',
      },
    ],
  },
);

async function create(context: GraphqlContext, body: Static<typeof CREATE>, pathname: string): Promise<RouteAnswer> {
  const { source_id: sourceId, interval_seconds: intervalSeconds, where, order_by, fields, options, ...rest } = body;
  const { escape_formulas: escapeFormulas, ...others } = options ?? {};
  const choices = { where, orderBy: order_by, fields, options: options && { ...others, escapeFormulas } };
  const isAsked = Object.values(choices).some((choice) => choice !== undefined);
  const asked = { ...rest, sourceId, intervalSeconds, export: isAsked ? choices : undefined };
  const wanted = await newWriteBack(context, asked);
  const made = await mutate(context, ({ query }) => addWriteBack(query, context.actor, wanted), 'createWriteBack');
  return { ...(await writeBackNow(context, made)), status: 201, headers: { location: `${pathname}/${made}` } };
}

export default [
  restRoute({
    tag: writeBackEntity.tag,
    needs: MAY_WRITE_BACK,
    method: 'POST',
    path: writeBackEntity.path,
    operationId: 'createWriteBack',
    summary: 'Keeps a file of your source up to date with a dataset',
    body: { schema: CREATE, description: 'The write-back.' },
    headers: IDEMPOTENCY_HEADER,
    answers: {
      201: { ...WRITE_BACK_ROW, headers: { location: { description: 'Its address.' } } },
      400: { description: 'What was given does not pass.' },
      403: { description: 'The source is somebody else’s, or your role is too low.' },
      404: { description: 'There is no such source that you may see.' },
      409: { description: 'Another write-back writes this file.' },
    },
    price: () => writeBackEntity.fields.size,
    answer: (context, asked) => answerOnce(context, asked, () => create(context, asked.body, asked.url.pathname)),
  }),
];
