import type { Fault, RequestKind } from 'salesforce-local-org';

/** An answer with which an org's API meets a request: the same fault has another form in SOAP than in REST. */
type Answer = (on: RequestKind) => Fault;

const soapKinds: ReadonlySet<RequestKind> = new Set([
  'listMetadata',
  'readMetadata',
  'retrieve',
  'checkRetrieveStatus',
]);

const xml = (code: string, message: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
  'xmlns:sf="http://soap.sforce.com/2006/04/metadata"><soapenv:Body><soapenv:Fault>' +
  `<faultcode>sf:${code}</faultcode><faultstring>${code}: ${message}</faultstring>` +
  '</soapenv:Fault></soapenv:Body></soapenv:Envelope>';

/** A refusal in the org's own words: a SOAP fault, which always comes with 500, or a REST error with its status. */
export const apiError =
  (status: number, errorCode: string, message: string): Answer =>
  (on) =>
    soapKinds.has(on)
      ? { kind: 'status', status: 500, contentType: 'text/xml; charset=utf-8', body: xml(errorCode, message) }
      : {
          kind: 'status',
          status,
          contentType: 'application/json; charset=UTF-8',
          body: JSON.stringify([{ message, errorCode }]),
        };

/** "invalid cross reference id" for a job that the org still runs (forcedotcom/cli#1887; Salesforce's own deploy tool repeats the poll). */
export const invalidCrossReference = apiError(
  500,
  'INVALID_CROSS_REFERENCE_KEY',
  'invalid cross reference id',
);

/** The page of a web server (Jetty) that took a request for damaged; Salesforce's own deploy tool repeats the poll after this very text. */
export const badMessage: Answer = () => ({
  kind: 'status',
  status: 400,
  contentType: 'text/html;charset=iso-8859-1',
  body: '<h1>Bad Message 400</h1><pre>reason: Bad Request</pre>',
});

/** The refusal of a JWT-based token that has ended, as one project saw it (airbyte#71024); SOAP has one code for every ended session. */
export const endedJwtSession: Answer = (on) =>
  soapKinds.has(on)
    ? apiError(500, 'INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader')(on)
    : apiError(401, 'INVALID_AUTH_HEADER', 'INVALID_JWT_FORMAT')(on);

/** The status of a deploy that waits, without any count: the guide's sample of an answer has no more than this. */
export const pendingWithoutCounts: Fault = {
  kind: 'status',
  status: 200,
  contentType: 'application/json; charset=UTF-8',
  body: JSON.stringify({
    id: '0Af000000000001AAA',
    deployResult: {
      id: '0Af000000000001AAA',
      success: false,
      checkOnly: false,
      ignoreWarnings: false,
      rollbackOnError: true,
      status: 'Pending',
      runTestsEnabled: false,
      done: false,
    },
  }),
};

/** A result in the form of the Metadata API. */
export function soapAnswer(response: string, elements: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>' +
    `<${response}><result>${elements}</result></${response}></soapenv:Body></soapenv:Envelope>`
  );
}

/** The status of a retrieve that is not done. */
export const retrieveInProgress: Fault = {
  kind: 'status',
  status: 200,
  contentType: 'text/xml; charset=utf-8',
  body: soapAnswer(
    'checkRetrieveStatusResponse',
    '<done>false</done><id>09S000000000001AAA</id><status>InProgress</status>',
  ),
};
