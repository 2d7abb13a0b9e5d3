import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { versionText } from '../packageXml.js';
import type { OrgState } from '../org/orgState.js';
import type { XmlValue } from '../xml.js';
import { checkStatus } from './checkStatus.js';
import { cancelDeploy, checkDeployStatus, deploy } from './deployOperations.js';
import { describeMetadata, listMetadata } from './describeOperations.js';
import { login } from './login.js';
import { readMetadata, updateMetadata, upsertMetadata } from './recordOperations.js';
import { checkRetrieveStatus, retrieve } from './retrieveOperations.js';
import type { SoapOperation } from './soapCall.js';
import { SoapFault, soapFaultReply, SoapMessage, soapReply } from './soapMessage.js';

const operations: ReadonlyMap<string, SoapOperation> = new Map(
  Object.entries({
    listMetadata,
    describeMetadata,
    retrieve,
    checkRetrieveStatus,
    deploy,
    checkDeployStatus,
    cancelDeploy,
    checkStatus,
    readMetadata,
    updateMetadata,
    upsertMetadata,
  }),
);

const metadataNamespace = 'http://soap.sforce.com/2006/04/metadata';
const partnerNamespace = 'urn:partner.soap.sforce.com';

/** Oldest version of an endpoint; the oldest default of a client is 50.0. */
const oldestVersion = 31;

/** First version whose SOAP endpoints accept JWT-based access tokens (source: jsforce and source-deploy-retrieve). */
const firstVersionWithJwt = 68;

/** Adds the Metadata API and the partner API's login. A request's body is a {@link SoapMessage}, or the fault that it could not be read as one. */
export function registerSoapRoutes(app: FastifyInstance, org: OrgState): void {
  for (const path of ['/services/Soap/m/:version', '/services/Soap/m/:version/:organizationId']) {
    app.post<{ Params: { version: string } }>(path, (request, reply) =>
      answer(request, reply, metadataNamespace, (message) =>
        callMetadata(org, request.params.version, message),
      ),
    );
  }
  for (const path of ['/services/Soap/u/:version', '/services/Soap/u/:version/:organizationId']) {
    app.post<{ Params: { version: string } }>(path, (request, reply) =>
      answer(request, reply, partnerNamespace, (message) => {
        if (message.operation !== 'login') throw unknownOperation(message);
        return login(org, endpointVersion(org, request.params.version), message);
      }),
    );
  }
}

/** Sends a fault instead of a result. */
export function sendSoapFault(reply: FastifyReply, fault: SoapFault): FastifyReply {
  return reply.code(500).type('text/xml; charset=utf-8').send(soapFaultBody(fault));
}

/** The body of a response with a fault. */
export function soapFaultBody(fault: SoapFault): string {
  return soapFaultReply(fault, metadataNamespace);
}

/** The fault for a session id that is unknown or has expired. */
export function invalidSession(): SoapFault {
  return new SoapFault(
    'INVALID_SESSION_ID',
    'Invalid Session ID found in SessionHeader: Illegal Session. Session not found',
  );
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  namespace: string,
  call: (message: SoapMessage) => XmlValue | Promise<XmlValue>,
): Promise<FastifyReply> {
  try {
    const message = request.body;
    if (message instanceof SoapFault) throw message;
    if (!(message instanceof SoapMessage)) throw new SoapFault('INVALID_SOAP', 'The request has no body');
    const result = await call(message);
    return await reply.type('text/xml; charset=utf-8').send(soapReply(message.operation, result, namespace));
  } catch (error) {
    if (error instanceof SoapFault) return sendSoapFault(reply, error);
    throw error;
  }
}

function callMetadata(org: OrgState, urlVersion: string, message: SoapMessage): XmlValue | Promise<XmlValue> {
  const version = endpointVersion(org, urlVersion);
  const operation = operations.get(message.operation);
  if (!operation) throw unknownOperation(message);
  const token = message.sessionId ?? '';
  if (version < firstVersionWithJwt && isJwt(token)) {
    throw new SoapFault(
      'INVALID_SESSION_ID',
      'SOAP API does not support JWT-based access tokens for API versions below 68.0',
    );
  }
  const session = org.session(token);
  if (!session) throw invalidSession();
  if (session.user.role === 'none') {
    throw new SoapFault(
      'INSUFFICIENT_ACCESS',
      'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
    );
  }
  org.settle();
  return operation({ org, user: session.user, version, parameters: message.parameters });
}

function endpointVersion(org: OrgState, text: string): number {
  const version = /^\d{2}\.0$/.test(text) ? Number(text) : NaN;
  if (version >= oldestVersion && version <= org.newestVersion) return version;
  throw new SoapFault(
    'UNSUPPORTED_API_VERSION',
    `Invalid Api version specified on URL: ${text}; this org offers up to ${versionText(org.newestVersion)}`,
  );
}

function unknownOperation({ operation }: SoapMessage): SoapFault {
  return new SoapFault('INVALID_OPERATION', `No operation available for request ${operation}`);
}

/** JWT format as clients recognise it: three parts, the first a JSON header. */
function isJwt(token: string): boolean {
  const [header, ...rest] = token.split('.');
  if (header === undefined || rest.length !== 2) return false;
  try {
    return typeof JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) === 'object';
  } catch {
    return false;
  }
}
