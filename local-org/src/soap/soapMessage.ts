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
 * Reads an envelope with any prefixes.
 * @throws SoapFault when it is not one
 */
export function parseSoapMessage(bytes: Buffer): SoapMessage {
  let envelope: XmlElement;
  try {
    envelope = parseEnvelope(bytes);
  } catch (error) {
    if (error instanceof XmlError) {
      throw new SoapFault('INVALID_SOAP', `${error.message} at line ${error.line}, column ${error.column}`);
    }
    if (error instanceof TypeError) throw new SoapFault('INVALID_SOAP', 'The request is not UTF-8 text');
    throw error;
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
 * Parses an envelope without the base64 of a zip, which is nearly all of a deploy and exceeds the limit of a document: it is
 * cut out before and inserted again as the element's text.
 */
function parseEnvelope(bytes: Buffer): XmlElement {
  const tag = bytes.indexOf('ZipFile');
  const start = bytes.indexOf('>', tag) + 1;
  const end = bytes.indexOf('<', start);
  if (tag < 0 || start === 0 || end < 0) return parseXml(decodeUtf8(bytes));
  const zip = bytes.toString('latin1', start, end);
  if (/[^A-Za-z0-9+/=\s]/.test(zip)) return parseXml(decodeUtf8(bytes));
  const text = decodeUtf8(Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]));
  const envelope = parseXml(text);
  const element = zipFileOf(envelope);
  // Only in the element itself: the words may occur in a comment.
  const cutAt = text.length - decodeUtf8(bytes.subarray(end)).length;
  if (element?.contentStart !== cutAt || element.contentEnd !== cutAt) return parseXml(decodeUtf8(bytes));
  element.text = zip;
  return envelope;
}

function zipFileOf(envelope: XmlElement): XmlElement | undefined {
  const operation = child(envelope, 'Body')?.children[0];
  return operation && child(operation, 'ZipFile');
}

/**
 * The envelope of a response: envelope and body prefixed, because jsforce matches `:Envelope`, the rest without prefix.
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
