import type { ErrorCode } from '../errorCodes.js';
import {
  jwtNotSupportedBySoap,
  malformedResponse,
  redactSecrets,
  SalesforceApiError,
  TransportError,
} from './errors.js';
import { UnexpectedAnswerError } from './answerFields.js';
import type { HttpResponse } from './httpMessages.js';
import { isJwtKeptFromSoap, orgErrorOf } from './jsforce.js';
import { orgText } from './orgText.js';

/** What is known about a failed call. */
export interface FailedCall {
  /** As the API names it. */
  operation: string;
  /** The HTTP response, if there was one. */
  response: HttpResponse | undefined;
  /** Exact strings that are removed from every message. */
  secrets: readonly string[];
}

/** The longest error code that is passed on, in characters. */
const longestCode = 100;

/** Converts anything that a library or a parser threw to the error of a failed call. */
export function salesforceErrorOf(error: unknown, call: FailedCall): SalesforceApiError | TransportError {
  if (error instanceof TransportError) return error;
  const { operation, response, secrets } = call;
  const statusCode = response?.statusCode;
  const fail = (message: string, errorCode: string, eca?: ErrorCode): SalesforceApiError =>
    new SalesforceApiError(
      orgText(message, secrets),
      orgText(errorCode, secrets, longestCode),
      operation,
      statusCode,
      retryAfterOf(response),
      eca,
    );

  if (response === undefined) {
    const message = error instanceof Error ? error.message : String(error);
    if (isJwtKeptFromSoap(message)) return fail(message, jwtNotSupportedBySoap, 'ECA5005');
    return fail(`The call failed before it was sent: ${message}`, 'NOT_SENT', 'ECA1607');
  }
  const orgError = orgErrorOf(error);
  if (orgError !== undefined) return fail(orgError.message, orgError.errorCode);
  const lack = error instanceof UnexpectedAnswerError ? `: ${error.message}` : '';
  const malformed = `The response to ${operation} is not a valid API response (${summaryOf(response, secrets)})${lack}.`;
  return response.statusCode >= 400
    ? fail(
        `The org responded to ${operation} with ${summaryOf(response, secrets)}.`,
        `ERROR_HTTP_${response.statusCode}`,
        'ECA1601',
      )
    : fail(malformed, malformedResponse, lack === '' ? 'ECA1601' : 'ECA9001');
}

/** Retry-After in milliseconds; a number of seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterOf(response: HttpResponse | undefined): number | undefined {
  const text = response?.headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** A short description of an HTTP response without its content. Only the title or heading of a page shows what it is. */
function summaryOf({ statusCode, headers, body }: HttpResponse, secrets: readonly string[]): string {
  // Redacted before a part is extracted: a page may echo the request.
  const start = redactSecrets(body.slice(0, 10_000), secrets).trimStart();
  const isHtml =
    /^text\/html\b/i.test(headers['content-type'] ?? '') || /^<(?:!doctype html|html|h1)\b/i.test(start);
  const http = `HTTP ${statusCode}`;
  if (isHtml) {
    const title = orgText(/<(?:title|h1)[^>]*>([^<]*)</i.exec(start)?.[1] ?? '', secrets, 200).trim();
    return `${http} and an HTML page${title === '' ? '' : ` titled "${title}"`}`;
  }
  if (start === '') return `${http} and an empty body`;
  if (/^(?:\uFEFF)?</.test(start)) return `${http} and XML`;
  if (/^[[{]/.test(start)) return `${http} and JSON`;
  if (body.length <= 10_000 && start.length <= 200)
    return `${http} and the text "${orgText(start, secrets).trim()}"`;
  return `${http} and ${body.length} characters of text`;
}
