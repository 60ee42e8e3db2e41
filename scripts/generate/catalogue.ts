import { readCatalogue } from '../../src/database/catalogue.ts';
import type { Generated } from '../generate.ts';
import { withScratchDatabase } from '../scratch-database.ts';

/** The net effect of all migrations, so that each one's can be reviewed as a difference. */
const catalogue: Generated = {
  path: 'prisma/catalogue.txt',
  render: () => withScratchDatabase(readCatalogue),
};

export default catalogue;
