import { UnexpectedAnswerError } from './answerFields.js';
import type { HttpResponse } from './httpMessages.js';

/**
 * The size limit of a response apart from a retrieved zip, in bytes: 8 MiB. The API puts at most 10,000 components into one
 * retrieve [doc], and their descriptions take about 7 MiB.
 */
export const maximumAnswerBytes = 8 * 1024 * 1024;

/** The size limit of a response with a retrieved zip, in bytes: 64 MiB, above the API's own 50 MB [doc]. */
export const maximumRetrieveBytes = 64 * 1024 * 1024;

/** The limit of tags or opening brackets in a response. The descriptions of 10,000 components have 260,000. */
const maximumMarks = 300_000;

/**
 * Checks that a response can be parsed in bounded memory: a parser needs up to 300 bytes per tag or bracket, and up to 40
 * per character of a comment or CDATA section, but next to nothing for the plain text of a zip.
 *
 * @throws {@link UnexpectedAnswerError}
 */
export function assertParsable({ headers, body }: HttpResponse): void {
  const type = headers['content-type'] ?? '';
  const isXml = /^(?:text|application)\/xml(?:;|$)/.test(type);
  const zip = isXml ? /<zipFile>[A-Za-z0-9+/=\s]*<\/zipFile>/.exec(body) : null;
  const before = body.slice(0, zip?.index ?? body.length);
  // What looks like a zip within a comment is not one.
  const zipLength = before.includes('<!') ? 0 : (zip?.[0].length ?? 0);
  if (body.length - zipLength > maximumAnswerBytes) {
    throw new UnexpectedAnswerError('it is too long apart from its `zipFile`');
  }
  // CSV would be parsed too, with hundreds of bytes per character.
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
