import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';

/** A file of an archive. */
export interface ArchiveFile {
  name: string;
  content: Uint8Array;
  /** Whether it is a program. */
  executable?: boolean;
}

/** The same files make the same archive, whenever it is made. */
const modified = new Date(Date.UTC(1980, 0, 1));

/** A compressed tar archive of files, all at its root, in the order of `files`; the same bytes on every machine. */
export async function tarGz(files: readonly ArchiveFile[]): Promise<Uint8Array> {
  const entries = files.map(({ name, content, executable = false }) => ({
    header: { name, size: content.length, mode: executable ? 0o755 : 0o644, mtime: modified },
    body: content,
  }));
  // It compresses with JavaScript: the bytes do not depend on the version of zlib.
  return gzipSync(await packTar(entries), { level: 9, mtime: 0 });
}
