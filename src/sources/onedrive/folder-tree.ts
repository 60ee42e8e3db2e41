/** The paths of a drive's items: a delta tells an item's parent and never its path. */
import { Type } from 'typebox';
import { ConnectorError } from '../connector.ts';
import { pathBelow } from '../kit/paths.ts';
import { type DriveItem, driveItem, isFolder } from './drive-item.ts';
import { askJson, GRAPH, type OneDriveContext } from './graph.ts';

interface Folder {
  readonly name: string;
  /** Undefined of the root. */
  readonly parentId: string | undefined;
}

export interface FolderTree {
  /** Takes in a folder that was told; true where it was known under another name or parent, so that all below it has moved. */
  note(item: DriveItem): boolean;
  /** From the drive's root; '' of the root itself. Folders that were never told are asked for. @throws ConnectorError */
  pathOf(item: DriveItem): Promise<string>;
}

/** Deeper than any drive allows: a circle of parents ends here. */
const DEEPEST = 500;

export function createFolderTree(context: OneDriveContext, driveId: string): FolderTree {
  const folders = new Map<string, Folder>();
  const known = async (id: string): Promise<Folder> => {
    const found = folders.get(id) ?? folderOf(await askFolder(context, driveId, id));
    folders.set(id, found);
    return found;
  };
  return {
    note(item) {
      if (!isFolder(item)) return false;
      const [before, now] = [folders.get(item.id), folderOf(item)];
      folders.set(item.id, now);
      return before !== undefined && (before.name !== now.name || before.parentId !== now.parentId);
    },
    async pathOf(item) {
      if (item.root !== undefined) return '';
      const names = [item.name ?? ''];
      for (let id = item.parentReference?.id; id !== undefined; ) {
        const folder = await known(id);
        if (folder.parentId === undefined) break;
        names.push(folder.name);
        id = folder.parentId;
        if (names.length > DEEPEST)
          throw new ConnectorError('transient', 'OneDrive tells of folders that hold themselves');
      }
      return names.reduceRight((path, name) => pathBelow(path, name), '');
    },
  };
}

function folderOf(item: DriveItem): Folder {
  return { name: item.name ?? '', parentId: item.root === undefined ? item.parentReference?.id : undefined };
}

async function askFolder(context: OneDriveContext, driveId: string, id: string): Promise<DriveItem> {
  const url = `${GRAPH}/drives/${encodeURIComponent(driveId)}/items/${encodeURIComponent(id)}`;
  return askJson(context, `${url}?$select=id,name,parentReference,root,folder`, Type.Unsafe<DriveItem>(driveItem));
}
