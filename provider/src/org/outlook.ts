/** What to expect if the same request is sent again. */
export type Outlook =
  /** Transient: the same request may succeed soon. */
  | 'passes'
  /** The org does not find the job, either for a moment or permanently. */
  | 'notFound'
  /** The org no longer has the job. */
  | 'forgotten'
  /** The org refused the session: a new sign-in may help. */
  | 'sessionEnded'
  /** The response will be the same. */
  | 'final';

/** The parts of a refusal that decide the outlook. */
export interface Refusal {
  /** The operation, as the API names it. */
  operation: string;
  errorCode: string;
  message: string;
  /** The HTTP status of the response, if there was one. */
  statusCode: number | undefined;
}

interface Rule {
  outlook: Outlook;
  when: (refusal: Refusal) => boolean;
}

/** A status request for a job. */
const isStatusPoll = ({ operation }: Refusal): boolean => /^check(?:Retrieve|Deploy)Status$/.test(operation);

/**
 * The first matching rule decides. Transient are "too many requests" and "not now", responses that cannot be parsed, a lock that somebody
 * else holds for a moment, and the errors after which Salesforce's own deploy tool (source-deploy-retrieve, `isRetryableError`) polls again.
 */
const rules: readonly Rule[] = [
  {
    outlook: 'sessionEnded',
    // REST has many codes for it (jsforce treats any 401 as an expired session); userinfo responds with 403 (the Salesforce CLI's source).
    when: (refusal) =>
      refusal.errorCode === 'INVALID_SESSION_ID' ||
      refusal.statusCode === 401 ||
      (refusal.statusCode === 403 && refusal.operation === 'userinfo'),
  },
  // forcedotcom/cli#1887
  {
    outlook: 'notFound',
    when: (refusal) => isStatusPoll(refusal) && refusal.errorCode === 'INVALID_CROSS_REFERENCE_KEY',
  },
  {
    outlook: 'passes',
    when: ({ errorCode }) =>
      /^(?:ERROR_HTTP_(?:420|429|5\d\d)|MALFORMED_RESPONSE|SERVER_UNAVAILABLE|UNABLE_TO_LOCK_ROW|UNKNOWN_EXCEPTION|INVALID_QUERY_LOCATOR)$/.test(
        errorCode,
      ),
  },
  {
    outlook: 'passes',
    when: ({ message }) =>
      /Unexpected internal servlet state|ENOMEM|creation of the query cursor at this time|fetching query cursor data/.test(
        message,
      ),
  },
  // The web server considered the request damaged. For a repeated poll that is transient; for another request it is not.
  {
    outlook: 'passes',
    when: (refusal) => isStatusPoll(refusal) && /Bad Message 400\b/.test(refusal.message),
  },
  {
    outlook: 'forgotten',
    when: (refusal) =>
      isStatusPoll(refusal) &&
      (refusal.statusCode === 404 || /^(?:NOT_FOUND|INVALID_ID_FIELD|MALFORMED_ID)$/.test(refusal.errorCode)),
  },
];

/** What to expect after a refusal by the org. */
export function outlookAfter(refusal: Refusal): Outlook {
  return rules.find(({ when }) => when(refusal))?.outlook ?? 'final';
}
