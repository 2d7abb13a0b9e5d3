import assert from 'node:assert/strict';
import { schemas, type ElementSchema } from '../../../../local-org/src/components/schema.js';
import { SalesforceTypes, type ElementTexts } from '../../sharedFacts/salesforceTypes.js';

/** The elements that the schema has besides those of Salesforce's own, or otherwise, and why. */
const divergences: Readonly<Record<string, string>> = {
  'ExtlClntAppOauthConfigurablePolicies.isNamedUserJwtEnabled':
    'deprecated: in the WSDL up to 63.0, gone from that of 68.0, which the types were made from',
  'ExtlClntAppOauthConfigurablePolicies.guestJwtTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'ExtlClntAppOauthConfigurablePolicies.namedUserJwtTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'ProfileSessionSetting.sessionTimeout':
    'the WSDL says int; the documentation names the numbers that it takes',
  'Settings.networkAccess': 'not looked into: nothing of it counts here',
  'Settings.passwordPolicies': 'not looked into: nothing of it counts here',
  'Settings.sessionSettings': 'not looked into but for sessionTimeout, by the rule sessionSettings',
  'Settings.singleSignOnSettings': 'not looked into: nothing of it counts here',
};

function described(schema: ElementSchema): string {
  return kindOf(schema) + (schema.repeatable === true ? '[]' : schema.required === true ? '!' : '');
}

function kindOf(schema: ElementSchema): string {
  switch (schema.kind) {
    case 'enum':
      return `${schema.enumName} ${schema.values.join('|')}`;
    case 'structure':
      return `${schema.typeName} ${JSON.stringify(describedAll(schema.elements ?? {}))}`;
    default:
      return schema.kind;
  }
}

function describedAll(elements: Readonly<Record<string, ElementSchema>>): ElementTexts {
  return Object.fromEntries(Object.entries(elements).map(([name, schema]) => [name, described(schema)]));
}

describe("the local org's schema, compared with Salesforce's own", () => {
  const salesforce = new SalesforceTypes();
  const types = Object.entries(schemas).filter(([name]) => name !== 'ConnectedApp');

  for (const [typeName, elements] of types) {
    it(`has the elements of ${typeName}, with the same types and values, and the same ones required`, () => {
      const isExplained = ([name]: [string, string]): boolean => `${typeName}.${name}` in divergences;
      const unexplained = (all: ElementTexts): ElementTexts =>
        Object.fromEntries(Object.entries(all).filter((entry) => !isExplained(entry)));
      assert.deepEqual(unexplained(describedAll(elements)), unexplained(salesforce.elements(typeName)));
    });
  }

  it('diverges only where it says so', () => {
    const different = types.flatMap(([typeName, elements]) => {
      const theirs = salesforce.elements(typeName);
      return Object.entries(describedAll(elements))
        .filter(([name, text]) => theirs[name] !== text)
        .map(([name]) => `${typeName}.${name}`);
    });
    assert.deepEqual(different.sort(), Object.keys(divergences).sort());
  });

  it('has every element in the ASCII order of the WSDL', () => {
    for (const [typeName, elements] of types)
      assert.deepEqual(Object.keys(elements), Object.keys(elements).toSorted(), typeName);
  });
});
