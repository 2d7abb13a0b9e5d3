import type { FieldValues } from '../../../../provider/src/policy/fields.js';
import { fieldsOf } from '../../../../provider/src/policy/difference.js';
import type { SessionTimeouts } from '../../../../provider/src/policy/tokenLifetime.js';
import type { Shown } from '../../../../provider/src/reconcile/plan/componentView.js';
import { RetrieveMessages } from '../../../../provider/src/reconcile/snapshot/retrieveMessages.js';
import type { ReconcileRequest } from '../../../../provider/src/reconcile/request.js';
import { readComponents } from '../../../../provider/src/components/components.js';
import type { AppComponents, Component } from '../../../../provider/src/components/components.js';
import { componentTypes } from '../../../../provider/src/components/componentTypes.js';
import type { ComponentType } from '../../../../provider/src/components/componentTypes.js';

/** A component's file with these elements, in alphabetical order as orgs write them. */
export function componentXml(type: ComponentType, elements: Readonly<Record<string, string>>): string {
  const lines = Object.entries(elements)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, text]) => `    <${name}>${text}</${name}>\n`);
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">\n` +
    `${lines.join('')}</${type}>\n`
  );
}

/** The path of a component in a retrieved zip. */
export function pathOf(type: ComponentType, fullName: string): string {
  return `${componentTypes[type].folder}/${fullName}.${componentTypes[type].suffix}`;
}

/** A component as a retrieve returns it. */
export function component(
  type: ComponentType,
  fullName: string,
  elements: Readonly<Record<string, string>> = {},
  namespacePrefix?: string,
): Component {
  const [read] = readComponents(
    new Map([[`unpackaged/${pathOf(type, fullName)}`, Buffer.from(componentXml(type, elements))]]),
    [
      {
        type,
        fullName,
        fileName: `unpackaged/${pathOf(type, fullName)}`,
        namespacePrefix,
        lastModifiedByName: undefined,
        lastModifiedDate: undefined,
      },
    ],
  );
  if (read === undefined) {
    throw new Error(`no ${type}`);
  }
  return read;
}

/** Elements that differ from those of a plain local app, by the type of the component. */
export type AppElements = Partial<Record<ComponentType, Readonly<Record<string, string>>>>;

/** The components of a local app with the OAuth plugin on, opaque tokens and no JWT settings. */
export function appComponents(app: string, elements: AppElements = {}): AppComponents {
  const own = (type: ComponentType, fullName: string, plain: Readonly<Record<string, string>>): Component =>
    component(type, fullName, { externalClientApplication: app, ...plain, ...elements[type] });
  return {
    ExternalClientApplication: component('ExternalClientApplication', app, {
      distributionState: 'Local',
      ...elements.ExternalClientApplication,
    }),
    ExtlClntAppConfigurablePolicies: own('ExtlClntAppConfigurablePolicies', `${app}_plcy`, {
      isEnabled: 'true',
      isOauthPluginEnabled: 'true',
    }),
    ExtlClntAppGlobalOauthSettings: own('ExtlClntAppGlobalOauthSettings', `${app}_glbloauth`, {
      certificate: 'MIIC',
      consumerKey: `key-of-${app}`,
      isNamedUserJwtEnabled: 'false',
    }),
    ExtlClntAppOauthConfigurablePolicies: own('ExtlClntAppOauthConfigurablePolicies', `${app}_oauthPlcy`, {
      isGuestCodeCredFlowEnabled: 'false',
    }),
  };
}

/** Session timeouts of an org that tells nothing of them. */
export const unknownTimeouts: SessionTimeouts = {
  orgMinutes: undefined,
  profileMinutes: undefined,
  unknownReason: 'the org did not return them',
};

/** What an org shows that keeps nothing back. */
export function shown(components: readonly Component[]): Shown {
  return { components, listed: components, messages: new RetrieveMessages() };
}

/** A job that wants these values of an app and says nothing. */
export function request(
  app: string,
  wanted: FieldValues,
  changes: Partial<ReconcileRequest> = {},
): ReconcileRequest {
  const silent = (): void => undefined;
  return {
    app,
    fields: fieldsOf(wanted),
    wanted,
    knownNames: undefined,
    allow: [],
    log: { progress: silent, inform: silent, warn: silent },
    ...changes,
  };
}
