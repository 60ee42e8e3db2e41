/** What all that tells of a Drive goes by. */
import type { DriveContext } from './client.ts';
import type { Leads } from './leads.ts';
import type { DrivePlace } from './place.ts';
import type { FolderTree } from './tree.ts';

export interface Telling {
  readonly context: DriveContext;
  readonly place: DrivePlace;
  readonly tree: FolderTree;
  /** What shortcuts lead to: it changes without any change of theirs. */
  readonly leads: Leads;
}
