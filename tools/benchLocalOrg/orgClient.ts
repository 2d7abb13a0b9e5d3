import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { SignJWT } from 'jose';
import { componentNamesOf } from '../../test/support/localApps.js';
import { policiesOf } from './seedFolder.js';

/** How an org is reached, as `salesforce-local-org --json` says. */
export interface OrgAddress {
  name: string;
  instanceUrl: string;
  username: string;
  accessToken: string;
  clientId: string;
  privateKeyFile: string;
}

const version = '66.0';
const policiesType = 'ExtlClntAppOauthConfigurablePolicies';

/**
 * A client as thin as can be, because it shares the machine with the org that is measured.
 * Every method throws an Error for another answer than the one wanted.
 */
export class OrgClient {
  #assertion = '';

  constructor(private readonly org: OrgAddress) {}

  /** Signs the assertion that {@link token} sends, ahead of the measurement. */
  async prepare(): Promise<void> {
    this.#assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(this.org.clientId)
      .setSubject(this.org.username)
      .setAudience('https://login.salesforce.com')
      .setExpirationTime('4m')
      .sign(createPrivateKey(await readFile(this.org.privateKeyFile)));
  }

  /** A sign-in by JWT bearer. */
  async token(): Promise<void> {
    const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const body = new URLSearchParams({ grant_type: grantType, assertion: this.#assertion });
    await this.#send('/services/oauth2/token', { method: 'POST', body });
  }

  async userinfo(): Promise<void> {
    await this.#send('/services/oauth2/userinfo', { headers: this.#bearer });
  }

  async query(): Promise<void> {
    const soql = 'SELECT Id, DeveloperName FROM ExternalClientApplication LIMIT 1';
    await this.#send(`/services/data/v${version}/query?q=${encodeURIComponent(soql)}`, {
      headers: this.#bearer,
    });
  }

  /** The list of the policies of every app. */
  async list(): Promise<void> {
    await this.#soap('listMetadata', `<queries><type>${policiesType}</type></queries>`);
  }

  /** A retrieve of these members, up to the zip. */
  async retrieve(members: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const types = Object.entries(members).map(
      ([name, fullNames]) =>
        `<types>${fullNames.map((member) => `<members>${member}</members>`).join('')}<name>${name}</name></types>`,
    );
    const started = await this.#soap(
      'retrieve',
      `<request><apiVersion>${version}</apiVersion><unpackaged>${types.join('')}<version>${version}</version></unpackaged></request>`,
    );
    const id = /<id>(\w+)<\/id>/.exec(started)?.[1] ?? '';
    const done = await this.#soap('checkRetrieveStatus', `<asyncProcessId>${id}</asyncProcessId>`);
    if (!done.includes('<status>Succeeded</status>'))
      throw new Error(`A retrieve failed: ${done.slice(0, 500)}`);
  }

  /** A deploy of the policies of these apps, up to its result. */
  async deploy(apps: readonly string[], label: string): Promise<void> {
    const names = apps.map((app) => componentNamesOf(app).policies);
    const files = apps.map((app, index): [string, Uint8Array] => [
      `extlClntAppOauthPolicies/${names[index] ?? ''}.ecaOauthPlcy`,
      strToU8(policiesOf(app, label)),
    ]);
    const manifest = `<Package xmlns="http://soap.sforce.com/2006/04/metadata"><types>${names
      .map((name) => `<members>${name}</members>`)
      .join('')}<name>${policiesType}</name></types><version>${version}</version></Package>`;
    const zip = zipSync({ 'package.xml': strToU8(manifest), ...Object.fromEntries(files) }, { level: 1 });
    const started = await this.#soap(
      'deploy',
      `<ZipFile>${Buffer.from(zip).toString('base64')}</ZipFile><DeployOptions><rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage></DeployOptions>`,
    );
    const id = /<id>(\w+)<\/id>/.exec(started)?.[1] ?? '';
    const status = await this.#soap(
      'checkDeployStatus',
      `<asyncProcessId>${id}</asyncProcessId><includeDetails>true</includeDetails>`,
    );
    if (!status.includes('<status>Succeeded</status>'))
      throw new Error(`A deploy failed: ${status.slice(0, 500)}`);
  }

  get #bearer(): Record<string, string> {
    return { authorization: `Bearer ${this.org.accessToken}` };
  }

  async #soap(operation: string, content: string): Promise<string> {
    return this.#send(`/services/Soap/m/${version}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', SOAPAction: '""' },
      body: `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><soapenv:Header><SessionHeader><sessionId>${this.org.accessToken}</sessionId></SessionHeader></soapenv:Header><soapenv:Body><${operation}>${content}</${operation}></soapenv:Body></soapenv:Envelope>`,
    });
  }

  async #send(path: string, init: RequestInit): Promise<string> {
    const reply = await fetch(this.org.instanceUrl + path, init);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${path} was answered with ${reply.status}: ${text.slice(0, 500)}`);
    return text;
  }
}
