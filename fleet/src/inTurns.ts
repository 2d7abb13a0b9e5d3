/** Works on all items, some at a time; the results are in the order of the items. After a failure nothing new begins. */
export async function inTurns<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const turn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next;
      results[index] = await work(item).catch((thrown: unknown) => {
        waiting.length = 0;
        throw thrown;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, turn));
  return results;
}
