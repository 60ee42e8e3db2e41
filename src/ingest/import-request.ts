/** What a client asks to be imported over REST: a form with a file, or JSON that names a path inside the import roots. */
import Type, { type Static } from 'typebox';
import { tooLarge } from '../http/body.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { readStreamedForm } from '../http/multipart.ts';
import type { ReceivedStream } from '../http/received-stream.ts';
import { schemaCheck } from '../http/schema-check.ts';
import { dropUploads, type SpooledUpload } from '../http/upload.ts';
import { AppError } from '../kernel/errors.ts';

const CHOICES = {
  dataset: Type.Optional(
    Type.String({ description: 'The dataset that it goes into; by default its name decides.', examples: ['channels'] }),
  ),
  dry_run: Type.Optional(Type.Boolean({ description: 'Find out what would happen, write nothing.' })),
  wait: Type.Optional(
    Type.Boolean({
      description: 'Whether the answer waits for the import’s end. Large files are not waited for unless this says so.',
    }),
  ),
};
const PATH = {
  path: Type.String({ description: 'A path inside the import roots; a relative one is tried under each in order.' }),
  root: Type.Optional(
    Type.String({
      description: 'A folder inside the import roots: the path is read from there and kept relative to it.',
    }),
  ),
};

/** By media type. */
export const IMPORT_BODIES = {
  'application/json': {
    description: 'A path inside the import roots.',
    schema: Type.Object(
      { ...PATH, ...CHOICES },
      { additionalProperties: false, examples: [{ path: 'RESEARCHES_Master_List.csv' }] },
    ),
  },
  'multipart/form-data': {
    description: 'The file itself, as the field `file`.',
    schema: Type.Object(
      { file: Type.Unsafe<unknown>({ type: 'string', format: 'binary', description: 'The file.' }), ...CHOICES },
      { additionalProperties: false },
    ),
  },
};

const WANTED = Type.Object({ ...PATH, path: Type.Optional(PATH.path), ...CHOICES }, { additionalProperties: false });
const check = schemaCheck<Static<typeof WANTED>>(WANTED);

export type ImportWanted = Static<typeof WANTED> & { readonly file?: SpooledUpload };

/** Bytes of what is no file. */
const MOST_TEXT = 65_536;

/**
 * Reads the request; the upload of a form lies in `folder` until somebody takes it.
 * @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED; what the stream fails with. Nothing stays in the folder then.
 */
export async function readImportRequest(body: ReceivedStream, folder: string, most: number): Promise<ImportWanted> {
  if (body.type !== 'multipart/form-data') return wantedOf(parseJsonBody(await readText(body), body.contentType));
  const limits = { fileSize: most, files: 1, fieldSize: MOST_TEXT, fields: 10 };
  const { fields, files } = await readStreamedForm(body, folder, limits);
  try {
    const [upload] = [...files];
    if (upload === undefined || upload[0] !== 'file')
      throw new AppError('BAD_USER_INPUT', 'The form has no file', {
        path: 'file',
        hint: 'Send it as the field "file".',
      });
    return {
      ...wantedOf(Object.fromEntries([...fields].map(([name, text]) => [name, typed(name, text)]))),
      file: upload[1],
    };
  } catch (thrown) {
    await dropUploads([...files.values()]);
    throw thrown;
  }
}

async function readText({ stream }: ReceivedStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const arriving: AsyncIterable<Buffer> = stream;
  for await (const chunk of arriving) {
    size += chunk.length;
    if (size > MOST_TEXT) throw tooLarge(MOST_TEXT);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Fields of a form are texts. */
function typed(name: string, text: string): unknown {
  return (name === 'dry_run' || name === 'wait') && /^(?:true|false)$/.test(text) ? text === 'true' : text;
}

function wantedOf(value: unknown): Static<typeof WANTED> {
  const checked = check(value, '');
  if ('value' in checked) return checked.value;
  const [first] = checked.faults;
  throw new AppError('BAD_USER_INPUT', `${first?.path || 'The body'} ${first?.message ?? 'does not fit'}`, {
    faults: checked.faults,
    ...(first?.path && { path: first.path }),
  });
}
