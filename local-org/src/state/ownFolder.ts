import { lstatSync, mkdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { StateError } from './stateError.js';

/** The name of our folder in the state folder. */
const name = 'salesforce-local-org';

/**
 * Our own folder in a state folder, mode 0700; both are created if they are missing. Warns if others could put another folder in its
 * place.
 * @returns its path, without links
 * @throws StateError when what has the name is not a folder of this user that nobody else can use
 */
export function ownFolder(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const realParent = realpathSync(parent);
  warnOfSharedFolders(realParent);
  const folder = join(realParent, name);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) {
    throw new StateError(
      `${folder} is not a folder${found.isSymbolicLink() ? ' but a link, which is not followed' : ''}. ` +
        'Move it away, or name another folder.',
    );
  }
  if (!isOurs(found)) {
    throw new StateError(`${folder} belongs to another user. Move it away, or name another folder.`);
  }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new StateError(
      `${folder} is open to other users (mode ${octal(found.mode)}), who may have changed the orgs in it. ` +
        `If you trust what is in it, run: chmod 700 '${folder}'`,
    );
  }
  return folder;
}

/** Whether a file belongs to the user of this process. Windows has no such users. */
export function isOurs({ uid }: Pick<Stats, 'uid'>): boolean {
  return process.geteuid === undefined || process.geteuid() === uid;
}

/** Users who may write to a folder may rename what is in it, unless it is sticky, as /tmp is. */
function warnOfSharedFolders(folder: string): void {
  if (process.platform === 'win32') return;
  const { mode, gid } = statSync(folder);
  const mayOthersWrite = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== process.getegid?.());
  if (mayOthersWrite && (mode & 0o1000) === 0) {
    process.emitWarning(
      `Other users may write into ${folder} (mode ${octal(mode)}), and so put orgs of theirs in place of those that --state keeps ` +
        'below it. Take that right away, or name a folder of your own.',
    );
  }
  if (dirname(folder) !== folder) warnOfSharedFolders(dirname(folder));
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
