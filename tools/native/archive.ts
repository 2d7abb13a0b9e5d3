import { gzipSync } from 'fflate';

/** A file of an archive. */
export interface ArchiveFile {
  /** At most 100 characters. */
  name: string;
  content: Uint8Array;
  /** Whether it is a program. */
  executable?: boolean;
}

const blockSize = 512;
/** 1980-01-01: the same files make the same archive, whenever it is made. */
const modified = Date.UTC(1980, 0, 1) / 1000;

/** A compressed tar archive (ustar) of files, all at its root, in the order of `files`; the same bytes on every machine. */
export function tarGz(files: readonly ArchiveFile[]): Uint8Array {
  const blocks = files.flatMap((file) => {
    const padding = (blockSize - (file.content.length % blockSize)) % blockSize;
    return [headerOf(file), file.content, new Uint8Array(padding)];
  });
  // Two empty blocks are the end.
  return gzipSync(Buffer.concat([...blocks, new Uint8Array(2 * blockSize)]), { level: 9, mtime: 0 });
}

function headerOf({ name, content, executable = false }: ArchiveFile): Buffer {
  const header = Buffer.alloc(blockSize);
  const octal = (value: number, offset: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, '0'), offset, 'latin1');
  };
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  header.write(name, 0);
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(modified, 136, 12);
  // The checksum counts its own field as spaces.
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257, 'latin1');
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return header;
}
