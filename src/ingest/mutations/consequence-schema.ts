/** What a deletion does to other rows, as REST tells it. */
import Type from 'typebox';

const CONSEQUENCE = Type.Object(
  {
    table: Type.String({ description: 'The table of the rows concerned.' }),
    column: Type.Union([Type.String(), Type.Null()], {
      description: 'The column that names the deleted row; null where links as a whole are mentioned.',
    }),
    effect: Type.Enum(['deleted', 'cleared', 'waits'], {
      description:
        'What happens to them: they go with it; they stay without the value that named it; or mentions in files wait for the row to come back.',
    }),
    count: Type.Integer({ description: 'How many there are.' }),
  },
  { $id: 'Consequence', description: 'What a deletion does to rows of one table.', additionalProperties: false },
);

/** The answer of a deletion that is not done. */
export const CONSEQUENCES = Type.Object(
  {
    dry_run: Type.Boolean({ description: 'Always true: nothing was written.' }),
    consequences: Type.Array(CONSEQUENCE, { description: 'What the deletion would do to other rows.' }),
  },
  { $id: 'Consequences', additionalProperties: false },
);
