/**
 * A dynamic provider that does nothing: what Pulumi itself takes for a command. The benchmark installs it in the place of this
 * package's provider.
 */
type Inputs = Readonly<Record<string, unknown>>;

/** Takes every input, but the hidden ones that the resource class adds. */
export function check(_olds: unknown, news: Inputs): Promise<{ inputs: Inputs }> {
  const inputs = Object.entries(news).filter(([name]) => name === '__provider' || !name.startsWith('__'));
  return Promise.resolve({ inputs: Object.fromEntries(inputs) });
}

let created = 0;

/** Makes up an id. */
export function create(inputs: unknown): Promise<{ id: string; outs: unknown }> {
  created += 1;
  return Promise.resolve({ id: `empty-${created}`, outs: inputs });
}

/** Compares the one input that the benchmark changes. */
export function diff(
  _id: string,
  olds: { namedUserJwtTimeout: number },
  news: { namedUserJwtTimeout: number },
): Promise<{ changes: boolean }> {
  return Promise.resolve({ changes: olds.namedUserJwtTimeout !== news.namedUserJwtTimeout });
}

/** Returns its inputs. */
export function read(id: string, props: unknown): Promise<{ id: string; props: unknown }> {
  return Promise.resolve({ id, props });
}
