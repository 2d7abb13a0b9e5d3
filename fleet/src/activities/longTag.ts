import { objectIn, textIn } from './engineEvents.js';
import { isMissing, type CommandResult } from './operation.js';

/** Runs `pulumi <args>` for one stack. */
export type PulumiOfStack = (...args: readonly string[]) => Promise<CommandResult>;

/** Longer texts do not fit into one argument of a command. */
export const longestText = 120 * 1024;
/** Pulumi Cloud's limit for the value of a tag; the other backends have none. */
const cloudLimit = 256;
/** Each piece takes a command. */
const mostPieces = 40;

/** The text does not fit into the tags of the backend. */
export class TextTooLongError extends Error {
  override readonly name = 'TextTooLongError';
}

/** A text that is kept with a stack. */
export interface LongTag {
  readonly text: string;
  /** The tags that hold it, the decisive one first. */
  readonly tags: readonly string[];
}

/**
 * Stores a text with a stack as a tag, the only place that every backend has and no `up` writes to. If the backend allows only short tags,
 * the text is split over several. The first one then starts with their number, such as `3.`, so the text itself must not start like that.
 *
 * @returns the tags that hold it
 * @throws TextTooLongError when it does not fit, Error when the backend fails
 */
export async function writeLongTag(
  pulumi: PulumiOfStack,
  name: string,
  text: string,
): Promise<readonly string[]> {
  if (text.length > longestText)
    throw new TextTooLongError(`a tag has at most ${longestText} characters, and there are ${text.length}`);
  const whole = await pulumi('stack', 'tag', 'set', name, text);
  if (whole.code === 0) return [name];
  if (!whole.output.includes('value is too long')) throw new Error(whole.output);
  const size = cloudLimit - `${mostPieces}.`.length;
  const count = Math.ceil(text.length / size);
  if (count > mostPieces) {
    throw new TextTooLongError(
      `a tag of this backend has at most ${cloudLimit} characters, and ${text.length} would need ${count} tags, more than ${mostPieces}`,
    );
  }
  const pieces = Array.from({ length: count }, (_, index) => ({
    tag: pieceName(name, index),
    value: (index === 0 ? `${count}.` : '') + text.slice(index * size, (index + 1) * size),
  }));
  // The first one last: without it, the others count for nothing.
  for (const { tag, value } of pieces.toReversed()) await succeed(pulumi('stack', 'tag', 'set', tag, value));
  return pieces.map(({ tag }) => tag);
}

/**
 * The text that is kept; none if there is no such tag, or no such stack.
 *
 * @throws Error when the backend fails, or a piece is missing
 */
export async function readLongTag(pulumi: PulumiOfStack, name: string): Promise<LongTag | undefined> {
  const listed = await pulumi('stack', 'tag', 'ls', '--json');
  if (isMissing(listed)) return undefined;
  const { stdout } = await succeed(Promise.resolve(listed));
  const all = objectIn(JSON.parse(stdout));
  const first = textIn(all, name);
  if (first === undefined) return undefined;
  const [, count, begin] = /^(\d+)\.(.*)$/s.exec(first) ?? ['', '1', first];
  const others = Array.from({ length: Number(count) - 1 }, (_, index) => pieceName(name, index + 1));
  const text = others.reduce((before, tag) => {
    const piece = textIn(all, tag);
    if (piece === undefined)
      throw new Error(`the stack has a tag ${name}, but not ${tag} that belongs to it`);
    return before + piece;
  }, begin);
  return { text, tags: [name, ...others] };
}

/** Removes the tags that hold a text. */
export async function removeLongTag(pulumi: PulumiOfStack, tags: LongTag['tags']): Promise<void> {
  for (const tag of tags) await succeed(pulumi('stack', 'tag', 'rm', tag));
}

const pieceName = (name: string, index: number): string => (index === 0 ? name : `${name}:${index}`);

async function succeed(command: Promise<CommandResult>): Promise<CommandResult> {
  const result = await command;
  if (result.code !== 0) throw new Error(result.output);
  return result;
}
