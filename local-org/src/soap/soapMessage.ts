import {
  child,
  childText,
  decodeUtf8,
  parseXml,
  XmlError,
  xmlElement,
  type XmlElement,
  type XmlValue,
} from '../xml.js';

/** A SOAP call as it was sent. */
export class SoapMessage {
  /** @param parameters the operation element */
  constructor(
    readonly parameters: XmlElement,
    readonly sessionId: string | undefined,
  ) {}

  /** Local name of the operation element. */
  get operation(): string {
    return this.parameters.name;
  }
}

/** A fault, answered with HTTP 500. */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
  /** @param code without the `sf:` prefix, for example `INVALID_SESSION_ID` */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads an envelope, whatever prefixes the client uses.
 * @throws SoapFault when it is not one
 */
export function parseSoapMessage(bytes: Buffer): SoapMessage {
  let envelope: XmlElement;
  try {
    envelope = parseXml(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof XmlError) {
      throw new SoapFault('INVALID_SOAP', `${error.message} at line ${error.line}, column ${error.column}`);
    }
    throw new SoapFault('INVALID_SOAP', 'The request is not UTF-8 text');
  }
  const header = child(envelope, 'Header');
  const sessionHeader = header && child(header, 'SessionHeader');
  const parameters = child(envelope, 'Body')?.children[0];
  if (envelope.name !== 'Envelope' || !parameters) {
    throw new SoapFault('INVALID_SOAP', 'The request is not a SOAP envelope with an operation in its body');
  }
  return new SoapMessage(parameters, sessionHeader && childText(sessionHeader, 'sessionId'));
}

/**
 * The envelope of an answer: envelope and body prefixed, because jsforce matches `:Envelope`, the rest without prefix.
 * @param namespace of the API: `http://soap.sforce.com/2006/04/metadata` or `urn:partner.soap.sforce.com`
 */
export function soapReply(operation: string, result: XmlValue, namespace: string): string {
  return envelopeOf(
    `<${operation}Response>${xmlElement('result', result)}</${operation}Response>`,
    namespace,
  );
}

/** The envelope of a fault. */
export function soapFaultReply({ code, message }: SoapFault, namespace: string): string {
  const fault = xmlElement('faultcode', `sf:${code}`) + xmlElement('faultstring', `${code}: ${message}`);
  return envelopeOf(`<soapenv:Fault>${fault}</soapenv:Fault>`, namespace);
}

function envelopeOf(body: string, namespace: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `xmlns="${namespace}" xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}
