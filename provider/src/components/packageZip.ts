import { crc32, inflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { type Entry, fromBufferPromise, validateFileName } from 'yauzl';
import { CodedError, reasonOf } from '../errors.js';
import { escapeXmlText } from './xmlText.js';

/** The most entries that a zip may have; also the Metadata API's own limit for one retrieve or deploy [doc]. */
const maximumZipEntries = 10_000;

/**
 * The most bytes that a zip may contain uncompressed: 64 MiB. The Metadata API allows 600 MB [doc], but the settings
 * of an external client app take a few kilobytes, so even a thousand apps stay far below the limit.
 */
export const maximumUncompressedBytes = 64 * 1024 * 1024;

/** Deflate, the only compression method that is accepted for the entries of a zip. */
const deflateMethod = 8;

/** The smallest buffer that zlib works with, in bytes. */
const smallestInflateBuffer = 64;

/** The fixed part of an entry's own header, before its path, in bytes. */
const localHeaderBytes = 30;

/** A zip cannot be read or written safely. The message may name an entry but never contains its content. */
export class PackageZipError extends CodedError {
  override readonly name = 'PackageZipError';

  constructor(message: string) {
    super(message, 'ECA9002');
  }
}

/**
 * Zips files by path, uncompressed: with files this small, most of a zip is names and headers, and compressing takes 160 kB of
 * memory per file. The same files give the same bytes on every machine, in any order and at any time.
 *
 * @throws {@link PackageZipError} when a path is not relative, plain and separated by `/`.
 */
export function zipComponents(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const entries: Record<string, Uint8Array> = {};
  for (const path of [...files.keys()].sort()) {
    assertPlainPath(path);
    // The zip library takes an object, in which this key is not a file.
    if (path.endsWith('/') || path === '__proto__') {
      throw new PackageZipError(`The path \`${path}\` does not name a file.`);
    }
    entries[path] = files.get(path) ?? new Uint8Array();
  }
  // A zip stores local time: this constructor, unlike a time stamp, gives the same bytes in every time zone.
  return Buffer.from(zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) }));
}

/**
 * The files of a zip by path; entries for folders are omitted.
 *
 * @throws {@link PackageZipError} when the zip is damaged, encrypted, larger than {@link maximumUncompressedBytes}
 * or {@link maximumZipEntries}, contains a path twice or one that leads outside, when its entries overlap, or when a checksum does
 * not match.
 */
export async function unzipComponents(zip: Buffer): Promise<Map<string, Buffer>> {
  try {
    return await unzip(zip);
  } catch (error) {
    if (error instanceof PackageZipError) throw error;
    throw new PackageZipError(`The zip cannot be read: ${reasonOf(error)}.`);
  }
}

async function unzip(zip: Buffer): Promise<Map<string, Buffer>> {
  const zipFile = await fromBufferPromise(zip, { strictFileNames: true });
  const entries = new Map<string, Entry>();
  let uncompressedBytes = 0;
  if (zipFile.entryCount > maximumZipEntries) {
    throw new PackageZipError(
      `The zip has ${zipFile.entryCount} entries; the limit is ${maximumZipEntries}.`,
    );
  }
  for await (const entry of zipFile.eachEntry()) {
    assertPlainPath(entry.fileName);
    if (entries.has(entry.fileName)) {
      throw new PackageZipError(`The zip contains \`${entry.fileName}\` twice.`);
    }
    entries.set(entry.fileName, entry);
    uncompressedBytes += entry.uncompressedSize;
  }
  if (uncompressedBytes > maximumUncompressedBytes) {
    throw new PackageZipError(
      `The zip contains ${uncompressedBytes} bytes; the limit is ${maximumUncompressedBytes}.`,
    );
  }
  assertApart([...entries.values()]);
  const files = new Map<string, Buffer>();
  for (const [path, entry] of entries) {
    if (path.endsWith('/')) continue;
    if (!entry.canDecodeFileData()) {
      throw new PackageZipError(`\`${path}\` is encrypted, or compressed with a method other than Deflate.`);
    }
    const { fileDataStart } = await zipFile.readLocalFileHeaderPromise(entry, { minimal: true });
    const content = contentOf(entry, zip.subarray(fileDataStart, fileDataStart + entry.compressedSize));
    if (content?.length !== entry.uncompressedSize || crc32(content) !== entry.crc32) {
      throw new PackageZipError(`The size or the checksum of \`${path}\` does not match its content.`);
    }
    files.set(path, content);
  }
  return files;
}

/**
 * Inflates an entry in one step, into a buffer of its size: a stream for each of thousands of small entries costs ten times as much.
 *
 * @returns `undefined` for one with more content than it declares
 */
function contentOf({ compressionMethod, uncompressedSize }: Entry, data: Buffer): Buffer | undefined {
  if (compressionMethod !== deflateMethod) return Buffer.from(data);
  try {
    return inflateRawSync(data, {
      chunkSize: Math.max(uncompressedSize, smallestInflateBuffer),
      maxOutputLength: Math.max(uncompressedSize, 1),
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** In zip bombs many entries share one compressed content; in the zips of an org every entry has its own. */
function assertApart(entries: readonly Entry[]): void {
  let end = 0;
  for (const entry of [...entries].sort(
    (left, right) => left.relativeOffsetOfLocalHeader - right.relativeOffsetOfLocalHeader,
  )) {
    if (entry.relativeOffsetOfLocalHeader < end) {
      throw new PackageZipError('The entries of the zip overlap.');
    }
    end =
      entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.fileNameRaw.length + entry.compressedSize;
  }
}

function assertPlainPath(path: string): void {
  const segments = path.replace(/\/$/, '').split('/');
  const isPlain =
    validateFileName(path) === null &&
    !path.includes('\\') &&
    !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(path) &&
    !segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  if (!isPlain) {
    throw new PackageZipError(
      `The path ${JSON.stringify(path)} is not a plain relative path separated by \`/\`.`,
    );
  }
}

/**
 * The manifest `package.xml` of a retrieve or deploy package; types and members in ASCII order.
 *
 * @param types Member names by component type; `*` selects every member.
 * @param apiVersion As in `66.0`.
 */
export function packageXml(types: ReadonlyMap<string, readonly string[]>, apiVersion: string): string {
  const lines = [...types.keys()]
    .sort()
    .flatMap((type) => [
      '    <types>',
      ...[...(types.get(type) ?? [])]
        .sort()
        .map((name) => `        <members>${escapeXmlText(name)}</members>`),
      `        <name>${escapeXmlText(type)}</name>`,
      '    </types>',
    ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Package xmlns="http://soap.sforce.com/2006/04/metadata">',
    ...lines,
    `    <version>${escapeXmlText(apiVersion)}</version>`,
    '</Package>',
    '',
  ].join('\n');
}
