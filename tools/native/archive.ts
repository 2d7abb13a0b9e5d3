import { gzipSync } from 'fflate';
import { Header, Pack, ReadEntry } from 'tar';

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  content: Uint8Array;
  /** Whether it is a program. */
  executable?: boolean;
}

/** The same files make the same archive, whenever it is made. */
const modified = new Date('1980-01-01T00:00:00Z');

/** A compressed tar archive of files, all at its root, in the order of `files`; the same bytes on every machine. */
export async function tarGz(files: readonly ArchiveFile[]): Promise<Uint8Array> {
  const pack = new Pack({ portable: true });
  for (const { name, content, executable = false } of files) {
    const mode = executable ? 0o755 : 0o644;
    const entry = new ReadEntry(
      new Header({ type: 'File', path: name, mode, size: content.length, mtime: modified }),
    );
    pack.add(entry);
    entry.end(Buffer.from(content));
  }
  pack.end();
  return gzipSync(await pack.concat(), { level: 9, mtime: 0 });
}
