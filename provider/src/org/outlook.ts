/** What is to be expected when the same is asked again. */
export type Outlook =
  /** It is about the moment: the same request may succeed soon. */
  | 'passes'
  /** The org does not find a job that it is asked for: for a moment, or for good. */
  | 'notFound'
  /** The org has no such job any more. */
  | 'forgotten'
  /** The org refused the session: a new sign-in may help. */
  | 'sessionEnded'
  /** The answer will be the same. */
  | 'final';

/** A refusal, as far as it decides. */
export interface Refusal {
  /** What was asked for, as the API names it. */
  operation: string;
  errorCode: string;
  message: string;
  /** The HTTP status of the answer, where there was one. */
  statusCode: number | undefined;
}

interface Rule {
  outlook: Outlook;
  when: (refusal: Refusal) => boolean;
}

/** The questions about a job that has an id. */
const isStatusPoll = ({ operation }: Refusal): boolean => /^check(?:Retrieve|Deploy)Status$/.test(operation);

/**
 * The first rule that fits decides. What passes: "too many requests" and "not now", answers that cannot be parsed, a lock that somebody
 * else holds for a moment, and what Salesforce's own deploy tool (source-deploy-retrieve, `isRetryableError`) repeats a poll after.
 */
const rules: readonly Rule[] = [
  {
    outlook: 'sessionEnded',
    // REST has many codes for it (jsforce takes any 401 for an ended session); userinfo answers 403 (the Salesforce CLI's source).
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
  // The web server took the request for damaged, which is about the request wherever it is not the same poll as before.
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

/** What is to be expected after a refusal of the org. */
export function outlookAfter(refusal: Refusal): Outlook {
  return rules.find(({ when }) => when(refusal))?.outlook ?? 'final';
}
