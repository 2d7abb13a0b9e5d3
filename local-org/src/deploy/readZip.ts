import { crc32 } from 'node:zlib';
import * as yauzl from 'yauzl';
import { maximumDocumentBytes } from '../xml.js';

/** A zip that cannot be read, or that is larger than an org accepts. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** Limits of a deploy (documented: 10,000 files, 600 MB unzipped; the local org accepts 200 MB, and files up to the size of a document). */
const maximumFiles = 10_000;
const maximumBytes = 200 * 1024 * 1024;

/** The maximum number of entries, including a folder for every file. */
const maximumEntries = 2 * maximumFiles;

/**
 * Reads the files of a zip, without folders. Counts and sizes are checked before anything is inflated, and an entry that inflates to more
 * than its declared size is refused as soon as it does.
 * @throws ZipError
 */
export async function readZip(bytes: Buffer): Promise<Map<string, Buffer>> {
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { strictFileNames: true });
    if (zip.entryCount > maximumEntries) throw tooManyFiles();
    const entries: yauzl.Entry[] = [];
    let size = 0;
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      if (entries.push(entry) > maximumFiles) throw tooManyFiles();
      if (entry.uncompressedSize > maximumDocumentBytes)
        throw new ZipError(`${entry.fileName} unpacks to more than ${maximumDocumentBytes} bytes`);
      size += entry.uncompressedSize;
      if (size > maximumBytes) throw new ZipError(`it unpacks to more than ${maximumBytes} bytes`);
    }
    const files = new Map<string, Buffer>();
    for (const entry of entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      if (crc32(content) !== entry.crc32)
        throw new ZipError(`the checksum of ${entry.fileName} does not match`);
      files.set(entry.fileName, content);
    }
    return files;
  } catch (error) {
    if (error instanceof ZipError) throw error;
    throw new ZipError(error instanceof Error ? error.message : String(error));
  }
}

function tooManyFiles(): ZipError {
  return new ZipError(`it holds more than ${maximumFiles} files`);
}
