/** Splits a list into chunks of at most a given size, in order. */
export function inChunks<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < all.length; start += size) {
    chunks.push(all.slice(start, start + size));
  }
  return chunks;
}
