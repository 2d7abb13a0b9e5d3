/** A list in pieces of at most so many, in order. */
export function inChunks<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < all.length; start += size) {
    chunks.push(all.slice(start, start + size));
  }
  return chunks;
}
