import { UnexpectedAnswerError } from './answerFields.js';
import type { HttpResponse } from './httpMessages.js';

/**
 * The most that an answer may hold beside a retrieved zip, in bytes: 8 MiB. The descriptions of the 10,000 components
 * that the API puts into one retrieve at most [doc] take about 7.
 */
export const maximumAnswerBytes = 8 * 1024 * 1024;

/** The most that an answer with a retrieved zip may hold, in bytes: 64 MiB, above the API's own 50 MB [doc]. */
export const maximumRetrieveBytes = 64 * 1024 * 1024;

/** The most tags, or opening brackets, in an answer; 10,000 components are described by 260,000. */
const maximumMarks = 300_000;

/**
 * Makes sure that an answer can be parsed in bounded memory: a parser takes up to 300 bytes for a tag or a bracket, and up to 40
 * for a character of a comment or CDATA section, but next to nothing for the plain text that a zip comes as.
 *
 * @throws {@link UnexpectedAnswerError}
 */
export function assertParsable({ headers, body }: HttpResponse): void {
  const type = headers['content-type'] ?? '';
  const isXml = /^(?:text|application)\/xml(?:;|$)/.test(type);
  const zip = isXml ? /<zipFile>[A-Za-z0-9+/=\s]*<\/zipFile>/.exec(body) : null;
  const before = body.slice(0, zip?.index ?? body.length);
  // What looks like a zip within a comment is none.
  const zipLength = before.includes('<!') ? 0 : (zip?.[0].length ?? 0);
  if (body.length - zipLength > maximumAnswerBytes) {
    throw new UnexpectedAnswerError('it is too long beside its `zipFile`');
  }
  // CSV would be parsed too, with hundreds of bytes for a character.
  if (body !== '' && !isXml && !/^application\/json(?:;|$)/.test(type)) {
    throw new UnexpectedAnswerError('it is neither JSON nor XML');
  }
  const mark = /[<[{]/g;
  let marks = 0;
  while (marks <= maximumMarks && mark.test(body)) marks += 1;
  if (marks > maximumMarks) {
    throw new UnexpectedAnswerError(`it has more than ${maximumMarks} tags or brackets`);
  }
}
